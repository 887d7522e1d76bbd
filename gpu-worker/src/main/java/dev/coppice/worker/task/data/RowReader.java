package dev.coppice.worker.task.data;

import dev.coppice.worker.task.DataException;
import org.jspecify.annotations.Nullable;

/** Rows one after another, from an open file. */
public interface RowReader extends AutoCloseable {

    /** Opens a file at its first row: Parquet by its ending .parquet, else an object of JSON a line. */
    static RowReader open(DataFile file) {
        return file.plainName().endsWith(".parquet") ? new ParquetRows(file) : new JsonRows(file);
    }

    /**
     * The next row; null after the last.
     *
     * @throws DataException when the file is damaged or not of its layout; the message names file and row
     */
    @Nullable
    Row next();

    @Override
    void close();
}
