package dev.coppice.results.store;

import dev.coppice.results.JobId;
import dev.coppice.results.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Reads the Parquet files of one sweep. A file that is no table is noted, and does not stop the others. */
final class SweepTables {

    private final Storage storage;
    private final SweepLayout layout;
    private final Map<String, String> unreadable = new ConcurrentSkipListMap<>(); // path to reason

    SweepTables(Storage storage, SweepLayout layout) {
        this.storage = storage;
        this.layout = layout;
    }

    List<UnreadableFile> unreadable() {
        return unreadable.entrySet().stream()
                .map(file -> new UnreadableFile(file.getKey(), file.getValue()))
                .toList();
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
            // In parallel, because a sweep that was never compacted has thousands of files; in order, so that all reads
            // are alike.
            List<List<R>> rows = tables(directory).parallelStream()
                    .map(file -> read(file, columns, restore))
                    .toList();
            rows.forEach(of -> of.forEach(keep));
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
    <C, R> List<R> read(String file, Class<C> columns, Function<C, R> restore) {
        List<R> rows = new ArrayList<>();
        try {
            ParquetRecords.read(storage.open(file), columns, record -> rows.add(restore.apply(record)));
            return rows;
        } catch (IOException | RuntimeException e) {
            // Files from anywhere make the decoder throw almost anything.
            if (!isGone(file)) {
                unreadable.put(storage.describe(file), reason(e));
            }
            return List.of();
        }
    }

    private boolean isGone(String file) {
        try {
            return !storage.exists(file);
        } catch (IOException e) {
            return false;
        }
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return message == null ? "not a Parquet file (" + e.getClass().getSimpleName() + ")" : message;
    }
}
