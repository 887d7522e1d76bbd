package dev.coppice.worker.task.language;

import dev.coppice.worker.task.data.DataErrors;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.Row;
import dev.coppice.worker.task.data.RowReader;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The documents of tables that hold one a row. */
final class RowDocuments implements DocumentReader {

    private final List<DataFile> files;
    private final Function<Row, TextDocument> format;
    private RowReader rows;
    private int open;
    private boolean empty = true;

    /**
     * Opens the first file.
     *
     * @param files tables, in order; at least one
     * @param format how a row holds a document
     */
    RowDocuments(List<DataFile> files, Function<Row, TextDocument> format) {
        this.files = files;
        this.format = format;
        rows = RowReader.open(files.get(0));
    }

    @Override
    public @Nullable TextDocument next() {
        Row row = rows.next();
        while (row == null && open + 1 < files.size()) {
            rows.close();
            rows = RowReader.open(files.get(++open));
            row = rows.next();
        }
        if (row == null && empty) {
            throw DataErrors.at(
                    files.get(0).path(),
                    "no row",
                    "a document a row",
                    "check that the file is complete, or fetch it again");
        }
        empty = false;
        return row == null ? null : format.apply(row);
    }

    @Override
    public void close() {
        rows.close();
    }
}
