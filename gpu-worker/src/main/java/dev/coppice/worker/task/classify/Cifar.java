package dev.coppice.worker.task.classify;

import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Pixels;
import dev.coppice.worker.task.ExampleSource;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.TaskDefinition;
import dev.coppice.worker.task.data.Colours;
import dev.coppice.worker.task.data.DataErrors;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.DataPath;
import java.util.List;

/** CIFAR-10 (Krizhevsky 2009), in grey or in colour: a picture is a sequence of its 32 x 32 pixels, row by row. */
public final class Cifar {

    static final int SIDE = 32;
    static final int CLASSES = 10;

    private static final String LAYOUTS =
            "CIFAR-10's binary batches, Hugging Face's Parquet files, or strips of PNG pictures with their labels; ";
    private static final String FILES =
            "test_batch.bin; or test-*.parquet; or *test*.png with one *test*.u8; in the folder, or the file itself";

    /** One grey value a step. */
    public static final TaskDefinition IN_GREY =
            definition("image", Colours.GREY, LAYOUTS + "colours become grey by the luma of Pillow's mode L");

    /** Red, green and blue in each step. */
    public static final TaskDefinition IN_COLOUR = definition("scifar", Colours.RGB, LAYOUTS + "all in colour");

    private final Colours colours;

    private Cifar(Colours colours) {
        this.colours = colours;
    }

    private static TaskDefinition definition(String name, Colours colours, String layout) {
        return new TaskDefinition(name, "1", "accuracy", "test", inputs(colours), layout, FILES);
    }

    /** What the examples are. */
    static InputSpec inputs(Colours colours) {
        return new InputSpec(InputKind.PIXELS, SIDE * SIDE, colours.channels(), false, false, CLASSES);
    }

    /** The test pictures at {@code path}, in grey. */
    public static ExampleSource grey(DataPath path) {
        return new Cifar(Colours.GREY).find(path);
    }

    /** The test pictures at {@code path}, in colour. */
    public static ExampleSource colour(DataPath path) {
        return new Cifar(Colours.RGB).find(path);
    }

    private ExampleSource find(DataPath path) {
        return path.file().map(this::ofFile).orElseGet(() -> inFolder(path));
    }

    /** An example of a picture's values (SIDE, SIDE, channels). */
    static LabelledExample example(int index, Colours colours, byte[] values, int label, String place) {
        return new LabelledExample(
                index, new Pixels(SIDE, SIDE, colours.channels(), values), Labels.checked(label, CLASSES, place));
    }

    private ExampleSource ofFile(DataFile file) {
        if (file.plainName().endsWith(".bin")) {
            return new CifarBatch(colours, file);
        }
        if (file.name().endsWith(".parquet")) {
            return new CifarParquet(colours, List.of(file));
        }
        throw DataErrors.at(
                file.path(),
                "a file of another kind",
                "the ending .bin (packed: .bin.gz, .bin.xz, .bin.bz2) or .parquet",
                "name the folder when the pictures are PNG files");
    }

    private ExampleSource inFolder(DataPath folder) {
        for (DataPath at : List.of(folder, folder.child("cifar-10-batches-bin"), folder.child("plain_text"))) {
            if (at.equals(folder) || at.isFolder()) {
                List<DataFile> batches = at.files(file -> file.plainName().equals("test_batch.bin"));
                List<DataFile> tables = at.files(
                        file -> file.name().startsWith("test-") && file.name().endsWith(".parquet"));
                List<DataFile> strips = at.files(
                        file -> file.name().contains("test") && file.name().endsWith(".png"));
                int layouts = (batches.isEmpty() ? 0 : 1) + (tables.isEmpty() ? 0 : 1) + (strips.isEmpty() ? 0 : 1);
                if (layouts > 1 || batches.size() > 1) {
                    throw DataErrors.at(at.path(), "test data in several layouts", "one", "name the file itself");
                }
                if (!batches.isEmpty()) {
                    return new CifarBatch(colours, batches.get(0));
                }
                if (!tables.isEmpty()) {
                    return new CifarParquet(colours, tables);
                }
                if (!strips.isEmpty()) {
                    DataFile labels = at.only(
                            file -> file.plainName().contains("test")
                                    && file.plainName().endsWith(".u8"),
                            "*test*.u8 with the labels of the PNG pictures");
                    return new CifarStrips(colours, strips, labels);
                }
            }
        }
        throw DataErrors.at(folder.path(), "no test pictures", FILES, "check the path, or see docs/tasks.md");
    }
}
