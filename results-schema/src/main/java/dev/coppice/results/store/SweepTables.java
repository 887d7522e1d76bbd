package dev.coppice.results.store;

import dev.coppice.results.JobId;
import dev.coppice.results.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** Reads the Parquet files of one sweep. A file that is no table is noted, and does not stop the others. */
final class SweepTables {

    private final Storage storage;
    private final SweepLayout layout;
    private final List<UnreadableFile> unreadable = new ArrayList<>();

    SweepTables(Storage storage, SweepLayout layout) {
        this.storage = storage;
        this.layout = layout;
    }

    List<UnreadableFile> unreadable() {
        return unreadable;
    }

    /**
     * The effective row of each job, of type {@code C} on disk and {@code R} here. A row in several files counts once.
     *
     * <p>First the rows' own files, then the compacted ones: a compaction that runs meanwhile deletes a row file only when
     * its row is in a compacted file, which is then listed here.
     */
    <C, R> Map<JobId, R> effective(Class<C> columns, Function<C, R> restore, Function<R, Outcome> outcome)
            throws IOException {
        Map<JobId, R> byJob = new LinkedHashMap<>();
        Consumer<R> keep = row -> byJob.merge(
                outcome.apply(row).jobId(),
                row,
                (old, now) -> outcome.apply(now).supersedes(outcome.apply(old)) ? now : old);
        for (String directory : List.of(layout.rows(), layout.compacted())) {
            for (String file : tables(directory)) {
                read(file, columns, restore).forEach(keep);
            }
        }
        return byJob;
    }

    /** Paths of the tables in {@code directory}. */
    List<String> tables(String directory) throws IOException {
        List<String> files = new ArrayList<>();
        for (String name : storage.list(directory)) {
            if (SweepLayout.isTable(name)) {
                files.add(directory + "/" + name);
            }
        }
        return files;
    }

    /** The rows of {@code file}; none when it is unreadable or gone. */
    <C, R> List<R> read(String file, Class<C> columns, Function<C, R> restore) throws IOException {
        List<R> rows = new ArrayList<>();
        try {
            ParquetRecords.read(storage.open(file), columns, record -> rows.add(restore.apply(record)));
            return rows;
        } catch (IOException | RuntimeException e) {
            // Files from anywhere make the decoder throw almost anything.
            if (storage.exists(file)) {
                unreadable.add(new UnreadableFile(storage.describe(file), reason(e)));
            }
            return List.of();
        }
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return message == null ? "not a Parquet file (" + e.getClass().getSimpleName() + ")" : message;
    }
}
