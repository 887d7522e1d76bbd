package dev.coppice.results.store;

import dev.coppice.results.ResultRow;
import java.util.List;

/**
 * What a sweep has so far.
 *
 * @param rows the effective row of each job: the latest successful attempt, else the latest
 * @param unreadable files that could not be read; their jobs count as not run
 */
public record StoredRows(List<ResultRow> rows, List<UnreadableFile> unreadable) {

    public StoredRows {
        rows = List.copyOf(rows);
        unreadable = List.copyOf(unreadable);
    }
}
