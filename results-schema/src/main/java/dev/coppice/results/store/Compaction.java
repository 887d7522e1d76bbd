package dev.coppice.results.store;

import dev.coppice.results.Outcome;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Sha256;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Moves rows from files of their own into files of many. A row file is deleted only once a compacted file has its row, so a
 * crash loses nothing; a row whose file outlived a crash is not merged a second time. Rows that a running sweep adds
 * meanwhile stay as they are.
 */
final class Compaction {

    /** Bounds the memory of a merge, at a few kilobytes a row. */
    private static final int ROWS_PER_FILE = 20_000;

    private final Storage storage;
    private final SweepLayout layout;
    private final SweepTables tables;

    private int rowsMerged;
    private int filesWritten;
    private int filesDeleted;

    Compaction(Storage storage, SweepLayout layout) {
        this.storage = storage;
        this.layout = layout;
        this.tables = new SweepTables(storage, layout);
    }

    CompactionReport run() throws IOException {
        List<String> rowFiles = tables.tables(layout.rows());
        Set<Outcome> merged = compactedOutcomes();
        List<ResultRow> rows = new ArrayList<>();
        List<String> sources = new ArrayList<>();
        for (String file : rowFiles) {
            List<ResultRow> content = tables.read(file, RowColumns.class, RowMapping::restore);
            if (content.isEmpty()) {
                continue;
            }
            content.stream().filter(row -> merged.add(row.outcome())).forEach(rows::add);
            sources.add(file);
            if (rows.size() >= ROWS_PER_FILE) {
                merge(rows, sources);
            }
        }
        merge(rows, sources);
        return new CompactionReport(rowsMerged, filesWritten, filesDeleted, tables.unreadable());
    }

    private Set<Outcome> compactedOutcomes() throws IOException {
        Set<Outcome> outcomes = new HashSet<>();
        for (String file : tables.tables(layout.compacted())) {
            outcomes.addAll(tables.read(file, OutcomeColumns.class, OutcomeColumns::restore));
        }
        return outcomes;
    }

    private void merge(List<ResultRow> rows, List<String> sources) throws IOException {
        if (!rows.isEmpty()) {
            List<RowColumns> columns = rows.stream().map(RowMapping::flatten).toList();
            byte[] content = ParquetRecords.encode(RowColumns.class, columns);
            // Named after its content, so that no other rows can ever be overwritten.
            storage.put(layout.compacted(Sha256.hex(content)), content);
            filesWritten++;
            rowsMerged += rows.size();
        }
        for (String source : sources) {
            storage.delete(source);
            filesDeleted++;
        }
        rows.clear();
        sources.clear();
    }
}
