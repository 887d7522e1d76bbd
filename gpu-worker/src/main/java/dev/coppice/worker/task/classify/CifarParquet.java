package dev.coppice.worker.task.classify;

import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.task.ExampleReader;
import dev.coppice.worker.task.ExampleSource;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.data.Colours;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.PictureTable;
import dev.coppice.worker.task.data.PictureTable.Row;
import dev.coppice.worker.task.data.Png;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CIFAR-10 as Hugging Face holds it: Parquet files with a PNG picture and a label in each row.
 *
 * @param colours what the examples hold
 * @param files test-*.parquet in the order of their names
 */
record CifarParquet(Colours colours, List<DataFile> files) implements ExampleSource {

    CifarParquet {
        files = List.copyOf(files);
    }

    @Override
    public InputSpec inputs() {
        return Cifar.inputs(colours);
    }

    @Override
    public int count() {
        return Math.toIntExact(files.stream().mapToLong(PictureTable::rows).sum());
    }

    @Override
    public ExampleReader open() {
        return new Reader(colours, files);
    }

    private static final class Reader implements ExampleReader {

        private final Colours colours;
        private final List<DataFile> files;
        private @Nullable PictureTable table;
        private int nextFile;
        private int index;

        Reader(Colours colours, List<DataFile> files) {
            this.colours = colours;
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
            Png picture = Png.decode(row.png(), colours, place).square(Cifar.SIDE, place);
            return Cifar.example(index++, colours, picture.values(), row.label(), place);
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
