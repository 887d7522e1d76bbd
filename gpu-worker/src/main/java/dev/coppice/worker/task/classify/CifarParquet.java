package dev.coppice.worker.task.classify;

import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.task.ExampleReader;
import dev.coppice.worker.task.ExampleSource;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.data.DataErrors;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.GreyPng;
import dev.coppice.worker.task.data.PictureTable;
import dev.coppice.worker.task.data.PictureTable.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CIFAR-10 as Hugging Face holds it: Parquet files with a PNG picture and a label in each row.
 *
 * @param files test-*.parquet in the order of their names
 */
record CifarParquet(List<DataFile> files) implements ExampleSource {

    CifarParquet {
        files = List.copyOf(files);
    }

    @Override
    public InputSpec inputs() {
        return Cifar.DEFINITION.inputs();
    }

    @Override
    public int count() {
        return Math.toIntExact(files.stream().mapToLong(PictureTable::rows).sum());
    }

    @Override
    public ExampleReader open() {
        return new Reader(files);
    }

    private static final class Reader implements ExampleReader {

        private final List<DataFile> files;
        private @Nullable PictureTable table;
        private int nextFile;
        private int index;

        Reader(List<DataFile> files) {
            this.files = files;
        }

        @Override
        public @Nullable LabelledExample next() {
            while (true) {
                if (table != null) {
                    Row row = table.next();
                    if (row != null) {
                        return example(row, table.place());
                    }
                    table.close();
                    table = null;
                }
                if (nextFile == files.size()) {
                    return null;
                }
                table = new PictureTable(files.get(nextFile++));
            }
        }

        private LabelledExample example(Row row, String place) {
            GreyPng picture = GreyPng.decode(row.png(), place);
            if (picture.width() != Cifar.SIDE || picture.height() != Cifar.SIDE) {
                throw DataErrors.at(
                        place,
                        picture.width() + " x " + picture.height() + " pixels",
                        "32 x 32",
                        "check that it is the right file");
            }
            return Cifar.example(index++, picture.values(), row.label(), place);
        }

        @Override
        public void close() {
            nextFile = files.size();
            if (table != null) {
                table.close();
                table = null;
            }
        }
    }
}
