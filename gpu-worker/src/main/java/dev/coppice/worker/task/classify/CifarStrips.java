package dev.coppice.worker.task.classify;

import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.task.ExampleReader;
import dev.coppice.worker.task.ExampleSource;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.data.ByteReader;
import dev.coppice.worker.task.data.DataErrors;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.GreyPng;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pictures stacked in PNG strips of 32 pixels' width, one picture below the other, and their labels, a byte each.
 *
 * @param strips PNG files in the order of their names
 * @param labels labels of the pictures of all strips, in the same order
 */
record CifarStrips(List<DataFile> strips, DataFile labels) implements ExampleSource {

    /** More than the whole data set takes. */
    private static final int MAX_BYTES = 256 << 20;

    CifarStrips {
        strips = List.copyOf(strips);
    }

    @Override
    public InputSpec inputs() {
        return Cifar.DEFINITION.inputs();
    }

    @Override
    public List<DataFile> files() {
        List<DataFile> files = new ArrayList<>(strips);
        files.add(labels);
        return files;
    }

    @Override
    public int count() {
        return labelBytes().length;
    }

    @Override
    public ExampleReader open() {
        return new Reader(strips, labels.path(), labelBytes());
    }

    private byte[] labelBytes() {
        try (ByteReader bytes = labels.open()) {
            return bytes.rest(MAX_BYTES);
        }
    }

    private static final class Reader implements ExampleReader {

        private final List<DataFile> strips;
        private final String labelsPath;
        private final byte[] labels; // (pictures of all strips)
        private GreyPng strip = new GreyPng(Cifar.SIDE, 0, new byte[0]);
        private int nextStrip;
        private int picture; // in the strip
        private int index;

        Reader(List<DataFile> strips, String labelsPath, byte[] labels) {
            this.strips = strips;
            this.labelsPath = labelsPath;
            this.labels = labels;
        }

        @Override
        public @Nullable LabelledExample next() {
            while (picture == strip.height() / Cifar.SIDE) {
                if (nextStrip == strips.size()) {
                    checkCount();
                    return null;
                }
                strip = decoded(strips.get(nextStrip++));
                picture = 0;
            }
            if (index == labels.length) {
                throw DataErrors.at(
                        labelsPath,
                        labels.length + " labels",
                        "one for each picture, of which there are more",
                        "fetch the labels and the strips again");
            }
            byte[] values = strip.rows(picture * Cifar.SIDE, (picture + 1) * Cifar.SIDE);
            int label = labels[index] & 0xff;
            picture++;
            return Cifar.example(index, values, label, labelsPath + ": item " + index++);
        }

        /** Nothing stays open between two pictures. */
        @Override
        public void close() {
            nextStrip = strips.size();
        }

        private void checkCount() {
            if (index != labels.length) {
                throw DataErrors.at(
                        labelsPath,
                        labels.length + " labels",
                        index + ", one for each picture",
                        "fetch the labels and the strips again");
            }
        }

        private static GreyPng decoded(DataFile file) {
            byte[] png;
            try (ByteReader bytes = file.open()) {
                png = bytes.rest(MAX_BYTES);
            }
            GreyPng strip = GreyPng.decode(png, file.path());
            if (strip.width() != Cifar.SIDE || strip.height() % Cifar.SIDE != 0) {
                throw DataErrors.at(
                        file.path(),
                        strip.width() + " x " + strip.height() + " pixels",
                        "pictures of 32 x 32 stacked: 32 wide, the height a multiple of 32",
                        "check that it is the right file");
            }
            return strip;
        }
    }
}
