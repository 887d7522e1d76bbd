package dev.coppice.worker.task.classify;

import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.task.ExampleReader;
import dev.coppice.worker.task.ExampleSource;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.DataPath;
import dev.coppice.worker.task.data.LineReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text file with an example a line.
 *
 * @param inputs what its examples are
 * @param file the file
 * @param headerLines lines before the first example
 * @param format how a line holds an example
 */
record RowFile(InputSpec inputs, DataFile file, int headerLines, RowFormat format) implements ExampleSource {

    /** The file at {@code path}, or the one test file in that folder. */
    static DataFile find(DataPath path) {
        return path.file()
                .orElseGet(() -> path.only(
                        file -> file.plainName().endsWith(".tsv")
                                && file.plainName().contains("test"),
                        "with \"test\" in its name and the ending .tsv (packed: .tsv.gz, .tsv.xz, .tsv.bz2)"));
    }

    @Override
    public List<DataFile> files() {
        return List.of(file);
    }

    @Override
    public int count() {
        return Math.max(0, LineReader.count(file) - headerLines);
    }

    @Override
    public ExampleReader open() {
        LineReader lines = new LineReader(file);
        for (int i = 0; i < headerLines; i++) {
            lines.next();
        }
        return new Reader(lines, format);
    }

    private static final class Reader implements ExampleReader {

        private final LineReader lines;
        private final RowFormat format;
        private int index;

        Reader(LineReader lines, RowFormat format) {
            this.lines = lines;
            this.format = format;
        }

        @Override
        public @Nullable LabelledExample next() {
            String row = lines.next();
            return row == null ? null : format.parse(index++, row, lines.place());
        }

        @Override
        public void close() {
            lines.close();
        }
    }
}
