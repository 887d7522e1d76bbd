package dev.coppice.worker.task.classify;

import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Pixels;
import dev.coppice.worker.task.ExampleSource;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.TaskDefinition;
import dev.coppice.worker.task.data.DataErrors;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.DataPath;
import java.util.List;

/** CIFAR-10 (Krizhevsky 2009) in grey: a picture is a sequence of its 32 x 32 pixels, row by row. */
public final class Cifar {

    static final int SIDE = 32;
    static final int CLASSES = 10;

    /** The task. */
    public static final TaskDefinition DEFINITION = new TaskDefinition(
            "image",
            "1",
            "accuracy",
            "test",
            new InputSpec(InputKind.PIXELS, SIDE * SIDE, 1, false, false, CLASSES),
            "CIFAR-10's binary batches, Hugging Face's Parquet files, or strips of PNG pictures with their labels;"
                    + " colours become grey by the luma of Pillow's mode L",
            "test_batch.bin; or test-*.parquet; or *test*.png with one *test*.u8; in the folder, or the file itself");

    private Cifar() {}

    /** The test pictures at {@code path}. */
    public static ExampleSource find(DataPath path) {
        return path.file().map(Cifar::ofFile).orElseGet(() -> inFolder(path));
    }

    /** An example of a picture's grey values (SIDE, SIDE). */
    static LabelledExample example(int index, byte[] values, int label, String place) {
        return new LabelledExample(index, new Pixels(SIDE, SIDE, 1, values), Labels.checked(label, CLASSES, place));
    }

    private static ExampleSource ofFile(DataFile file) {
        if (file.plainName().endsWith(".bin")) {
            return new CifarBatch(file);
        }
        if (file.name().endsWith(".parquet")) {
            return new CifarParquet(List.of(file));
        }
        throw DataErrors.at(
                file.path(),
                "a file of another kind",
                "the ending .bin (packed: .bin.gz, .bin.xz, .bin.bz2) or .parquet",
                "name the folder when the pictures are PNG files");
    }

    private static ExampleSource inFolder(DataPath folder) {
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
                    return new CifarBatch(batches.get(0));
                }
                if (!tables.isEmpty()) {
                    return new CifarParquet(tables);
                }
                if (!strips.isEmpty()) {
                    DataFile labels = at.only(
                            file -> file.plainName().contains("test")
                                    && file.plainName().endsWith(".u8"),
                            "*test*.u8 with the labels of the PNG pictures");
                    return new CifarStrips(strips, labels);
                }
            }
        }
        throw DataErrors.at(
                folder.path(), "no test pictures", DEFINITION.files(), "check the path, or see docs/tasks.md");
    }
}
