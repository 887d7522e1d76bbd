package dev.coppice.worker.task.classify;

import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.task.ExampleReader;
import dev.coppice.worker.task.ExampleSource;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.data.ByteReader;
import dev.coppice.worker.task.data.Colours;
import dev.coppice.worker.task.data.DataErrors;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.Png;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pictures stacked in PNG strips of 32 pixels' width, one picture below the other, and their labels, a byte each.
 *
 * @param colours what the examples hold
 * @param strips PNG files in the order of their names
 * @param labels labels of the pictures of all strips, in the same order
 */
record CifarStrips(Colours colours, List<DataFile> strips, DataFile labels) implements ExampleSource {

    /** More than the whole data set takes. */
    private static final int MAX_BYTES = 256 << 20;

    CifarStrips {
        strips = List.copyOf(strips);
    }

    @Override
    public InputSpec inputs() {
        return Cifar.inputs(colours);
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
        return new Reader(colours, strips, labels.path(), labelBytes());
    }

    private byte[] labelBytes() {
        try (ByteReader bytes = labels.open()) {
            return bytes.rest(MAX_BYTES);
        }
    }

    private static final class Reader implements ExampleReader {

        private final Colours colours;
        private final List<DataFile> strips;
        private final String labelsPath;
        private final byte[] labels; // (pictures of all strips)
        private Png strip;
        private int nextStrip;
        private int picture; // in the strip
        private int index;

        Reader(Colours colours, List<DataFile> strips, String labelsPath, byte[] labels) {
            this.colours = colours;
            this.strip = Png.empty(Cifar.SIDE, colours);
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
            return Cifar.example(index, colours, values, label, labelsPath + ": item " + index++);
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

        private Png decoded(DataFile file) {
            byte[] png;
            try (ByteReader bytes = file.open()) {
                png = bytes.rest(MAX_BYTES);
            }
            Png decoded = Png.decode(png, colours, file.path());
            if (decoded.width() != Cifar.SIDE || decoded.height() % Cifar.SIDE != 0) {
                throw DataErrors.at(
                        file.path(),
                        decoded.width() + " x " + decoded.height() + " pixels",
                        "pictures of 32 x 32 stacked: 32 wide, the height a multiple of 32",
                        "check that it is the right file");
            }
            return decoded;
        }
    }
}
