package dev.coppice.worker.task.classify;

import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Pixels;
import dev.coppice.worker.task.DataException;
import dev.coppice.worker.task.ExampleReader;
import dev.coppice.worker.task.ExampleSource;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.TaskDefinition;
import dev.coppice.worker.task.data.DataErrors;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.DataPath;
import dev.coppice.worker.task.data.IdxReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The test images of MNIST, for smnist and psmnist: a picture is a sequence of its pixels. */
public final class Mnist implements ExampleSource {

    private static final int SIDE = 28;
    private static final int CLASSES = 10;
    private static final String LAYOUT = "MNIST's IDX files of 28 x 28 grey pixels and their labels";
    private static final String FILES = "t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, plain, .gz, .xz or .bz2";

    /** Pixels row by row. */
    public static final TaskDefinition SEQUENTIAL =
            definition("smnist", new InputSpec(InputKind.PIXELS, SIDE * SIDE, 1, false, false, CLASSES));

    /** Pixels in a fixed random order, which the model brings along. */
    public static final TaskDefinition PERMUTED =
            definition("psmnist", new InputSpec(InputKind.PIXELS, SIDE * SIDE, 1, true, false, CLASSES));

    private final InputSpec inputs;
    private final DataFile images;
    private final DataFile labels;

    private Mnist(InputSpec inputs, DataFile images, DataFile labels) {
        this.inputs = inputs;
        this.images = images;
        this.labels = labels;
    }

    /** The test images in a folder, pixels row by row. */
    public static ExampleSource sequential(DataPath folder) {
        return find(SEQUENTIAL, folder);
    }

    /** The test images in a folder, for models that permute the pixels. */
    public static ExampleSource permuted(DataPath folder) {
        return find(PERMUTED, folder);
    }

    @Override
    public InputSpec inputs() {
        return inputs;
    }

    @Override
    public List<DataFile> files() {
        return List.of(images, labels);
    }

    @Override
    public int count() {
        try (IdxReader head = new IdxReader(images, SIDE, SIDE)) {
            return head.items();
        }
    }

    @Override
    public ExampleReader open() {
        return new Reader(images, labels);
    }

    private static ExampleSource find(TaskDefinition definition, DataPath folder) {
        return new Mnist(
                definition.inputs(),
                part(folder, "t10k-images", "idx3-ubyte"),
                part(folder, "t10k-labels", "idx1-ubyte"));
    }

    /** Some mirrors write a dot for the second hyphen. */
    private static DataFile part(DataPath folder, String stem, String ending) {
        return folder.only(
                file -> file.plainName().equals(stem + "-" + ending)
                        || file.plainName().equals(stem + "." + ending),
                stem + "-" + ending);
    }

    private static TaskDefinition definition(String name, InputSpec inputs) {
        return new TaskDefinition(name, "1", "accuracy", "test", inputs, LAYOUT, FILES);
    }

    private static final class Reader implements ExampleReader {

        private final IdxReader images;
        private final IdxReader labels;
        private final String labelsPath;
        private int index;

        Reader(DataFile imagesFile, DataFile labelsFile) {
            this.labelsPath = labelsFile.path();
            this.images = new IdxReader(imagesFile, SIDE, SIDE);
            try {
                this.labels = new IdxReader(labelsFile);
            } catch (DataException e) {
                images.close();
                throw e;
            }
            if (labels.items() != images.items()) {
                close();
                throw DataErrors.at(
                        labelsPath,
                        labels.items() + " labels",
                        images.items() + ", one for each image in " + imagesFile.path(),
                        "fetch both files again");
            }
        }

        @Override
        public @Nullable LabelledExample next() {
            if (index == images.items()) {
                return null;
            }
            byte[] values = images.next(); // (SIDE, SIDE)
            int label = Labels.checked(labels.next()[0] & 0xff, CLASSES, labelsPath + ": item " + index);
            return new LabelledExample(index++, new Pixels(SIDE, SIDE, 1, values), label);
        }

        @Override
        public void close() {
            images.close();
            labels.close();
        }
    }
}
