package dev.coppice.worker.task.classify;

import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.task.ExampleReader;
import dev.coppice.worker.task.ExampleSource;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.data.ByteReader;
import dev.coppice.worker.task.data.Colours;
import dev.coppice.worker.task.data.DataErrors;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.Luma;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CIFAR-10's binary version: a row is the label's byte and the planes of red, green and blue, each 32 rows of 32.
 *
 * @param colours what the examples hold
 * @param file test_batch.bin
 */
record CifarBatch(Colours colours, DataFile file) implements ExampleSource {

    private static final int PLANE = Cifar.SIDE * Cifar.SIDE;
    private static final int ROW_BYTES = 1 + 3 * PLANE;

    @Override
    public InputSpec inputs() {
        return Cifar.inputs(colours);
    }

    @Override
    public List<DataFile> files() {
        return List.of(file);
    }

    @Override
    public int count() {
        int rows = 0;
        try (Reader reader = new Reader(colours, file.open())) {
            while (reader.fill()) {
                rows++;
            }
        }
        return rows;
    }

    @Override
    public ExampleReader open() {
        return new Reader(colours, file.open());
    }

    private static final class Reader implements ExampleReader {

        private final Colours colours;
        private final ByteReader bytes;
        private final byte[] row = new byte[ROW_BYTES];
        private int index;

        Reader(Colours colours, ByteReader bytes) {
            this.colours = colours;
            this.bytes = bytes;
        }

        @Override
        public @Nullable LabelledExample next() {
            if (!fill()) {
                return null;
            }
            int example = index - 1;
            byte[] values = colours == Colours.GREY ? grey() : interleaved();
            return Cifar.example(example, colours, values, row[0] & 0xff, bytes.path() + ": row " + example);
        }

        private byte[] grey() {
            byte[] values = new byte[PLANE]; // (SIDE, SIDE)
            for (int i = 0; i < PLANE; i++) {
                values[i] = Luma.grey(row[1 + i] & 0xff, row[1 + PLANE + i] & 0xff, row[1 + 2 * PLANE + i] & 0xff);
            }
            return values;
        }

        private byte[] interleaved() {
            byte[] values = new byte[3 * PLANE]; // (SIDE, SIDE, 3)
            for (int i = 0; i < values.length; i++) {
                values[i] = row[1 + i % 3 * PLANE + i / 3];
            }
            return values;
        }

        /** Reads the next row; false at the end of the file. */
        boolean fill() {
            int count = bytes.read(row, ROW_BYTES);
            if (count != 0 && count != ROW_BYTES) {
                throw DataErrors.at(
                        bytes.path() + ": row " + index,
                        "the end of the file after " + count + " bytes of it",
                        ROW_BYTES + " bytes (label, red, green, blue)",
                        "fetch the file again");
            }
            index++;
            return count != 0;
        }

        @Override
        public void close() {
            bytes.close();
        }
    }
}
