package dev.coppice.results.store;

import dev.coppice.results.JobId;
import dev.coppice.results.Outcome;
import dev.coppice.results.PlannedJob;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Sample;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The results below one output folder, which holds a folder a sweep:
 *
 * <pre>
 * SWEEP/plan/NUMBER-HASH.parquet       the jobs of the sweep
 * SWEEP/rows/JOBID-ATTEMPT.parquet     one row, written by the job itself
 * SWEEP/compacted/HASH.parquet         many rows
 * SWEEP/samples/JOBID-ATTEMPT.parquet  what the attempt did with each example, where that was asked for
 * </pre>
 *
 * A file appears whole or not at all. Any number of processes may read and write at the same time. Every method throws
 * {@link StoreException} when the file system fails, and IllegalArgumentException for a sweep whose name is no folder's name.
 */
public final class ResultStore {

    /** Two letters at least, so that a Windows drive is no scheme. */
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*");

    private final Storage storage;

    ResultStore(Storage storage) {
        this.storage = storage;
    }

    /**
     * The store at {@code location}, a local path or the URI of any file system that Hadoop knows. Nothing is read or
     * written yet; the folder need not exist.
     *
     * @throws StoreException when no file system is known by that URI
     */
    public static ResultStore at(String location) {
        if (!SCHEME.matcher(location).matches()) {
            return new ResultStore(new LocalStorage(Path.of(location)));
        }
        try {
            URI uri = URI.create(location);
            return new ResultStore(
                    "file".equals(uri.getScheme()) ? new LocalStorage(Path.of(uri.getPath())) : new HadoopStorage(uri));
        } catch (IOException | RuntimeException e) {
            // Hadoop makes file systems by reflection, and they throw what they like.
            throw StoreFailure.of("use the output " + location, e);
        }
    }

    /** Writes {@code row} to a file of its own, replacing an earlier copy of the same attempt. Thread-safe. */
    public void writeRow(ResultRow row) {
        String file = new SweepLayout(row.sweep()).row(row.jobId(), row.attempt());
        try {
            storage.put(file, ParquetRecords.encodeOne(RowColumns.class, RowMapping.flatten(row)));
        } catch (IOException e) {
            throw StoreFailure.of("write the row " + storage.describe(file), e);
        }
    }

    /**
     * That attempt's row from a file of its own, which an executor may write and die before it could say so; null when there is none that can be
     * read.
     */
    public @Nullable ResultRow row(String sweep, JobId job, int attempt) {
        SweepLayout layout = new SweepLayout(sweep);
        String file = layout.row(job, attempt);
        List<ResultRow> rows = doing(
                "look for the row " + storage.describe(file),
                () -> storage.exists(file)
                        ? new SweepTables(storage, layout).read(file, RowColumns.class, RowMapping::restore)
                        : List.of());
        return rows.isEmpty() ? null : rows.get(0);
    }

    /**
     * Writes what an attempt did with each example, replacing an earlier copy. It comes before the attempt's row, so that a
     * row never lacks samples that were asked for.
     */
    public void writeSamples(String sweep, JobId job, int attempt, List<Sample> samples) {
        String file = new SweepLayout(sweep).samples(job, attempt);
        try {
            storage.put(
                    file,
                    ParquetRecords.encode(
                            SampleColumns.class,
                            samples.stream()
                                    .map(sample -> SampleColumns.of(job, attempt, sample))
                                    .toList()));
        } catch (IOException e) {
            throw StoreFailure.of("write the samples " + storage.describe(file), e);
        }
    }

    /** What an attempt did with each example, in the order of examples; none where they were not kept or cannot be read. */
    public List<Sample> samples(String sweep, JobId job, int attempt) {
        SweepLayout layout = new SweepLayout(sweep);
        return new SweepTables(storage, layout)
                .read(layout.samples(job, attempt), SampleColumns.class, SampleColumns::restore);
    }

    /** Writes the whole grid of a sweep, finished jobs included. Writing the newest plan again changes nothing. */
    public void writePlan(String sweep, List<PlannedJob> jobs) {
        SweepLayout layout = new SweepLayout(sweep);
        try {
            new PlanFiles(storage, layout).write(jobs);
        } catch (IOException e) {
            throw StoreFailure.of("write a plan to " + storage.describe(layout.plan()), e);
        }
    }

    /** The newest plan of a sweep, in its order; no jobs when it was never run. */
    public List<PlannedJob> plan(String sweep) {
        SweepLayout layout = new SweepLayout(sweep);
        return doing(
                "read the plan in " + storage.describe(layout.plan()), () -> new PlanFiles(storage, layout).read());
    }

    /** The effective row of each job of a sweep, in no particular order. */
    public StoredRows rows(String sweep) {
        SweepLayout layout = new SweepLayout(sweep);
        return doing("read the rows of " + storage.describe(sweep), () -> {
            SweepTables tables = new SweepTables(storage, layout);
            List<ResultRow> rows =
                    new ArrayList<>(tables.effective(RowColumns.class, RowMapping::restore, ResultRow::outcome)
                            .values());
            return new StoredRows(rows, tables.unreadable());
        });
    }

    /** How each job of a sweep ended: what {@link #rows} would tell of it, from four columns only. */
    public StoredOutcomes outcomes(String sweep) {
        SweepLayout layout = new SweepLayout(sweep);
        return doing("read the rows of " + storage.describe(sweep), () -> {
            SweepTables tables = new SweepTables(storage, layout);
            return new StoredOutcomes(
                    tables.effective(OutcomeColumns.class, OutcomeColumns::restore, Function.<Outcome>identity()),
                    tables.unreadable());
        });
    }

    /** Merges the row files of a sweep into compacted ones. A sweep may run meanwhile. */
    public CompactionReport compact(String sweep) {
        SweepLayout layout = new SweepLayout(sweep);
        return doing("compact the rows of " + storage.describe(sweep), () -> new Compaction(storage, layout).run());
    }

    private static <T> T doing(String what, StoreAction<T> action) {
        try {
            return action.run();
        } catch (IOException e) {
            throw StoreFailure.of(what, e);
        }
    }

    private interface StoreAction<T> {
        T run() throws IOException;
    }
}
