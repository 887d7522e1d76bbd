package dev.coppice.worker.task.data;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.jerolba.carpet.CarpetReader;
import com.jerolba.carpet.CloseableIterator;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of a Parquet file, whatever its columns. Row groups are read one at a time. */
final class ParquetRows implements RowReader {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final DataFile file;
    private final CloseableIterator<?> rows;
    private int row = -1;

    ParquetRows(DataFile file) {
        this.file = file;
        try {
            rows = new CarpetReader<>(file.seekable(), Map.class).iterator();
        } catch (RuntimeException e) {
            throw DataErrors.notParquet(file.path(), e);
        }
    }

    @Override
    public @Nullable Row next() {
        row++;
        String place = file.path() + ": row " + row;
        try {
            return rows.hasNext() ? new Row(place, JSON.<ObjectNode>valueToTree(rows.next())) : null;
        } catch (RuntimeException e) {
            throw DataErrors.notParquet(place, e);
        }
    }

    @Override
    public void close() {
        try {
            rows.close();
        } catch (IOException e) {
            throw DataErrors.unreadable(file.path(), e);
        }
    }
}
