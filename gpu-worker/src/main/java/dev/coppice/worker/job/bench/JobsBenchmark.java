package dev.coppice.worker.job.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.coppice.results.Cost;
import dev.coppice.results.ResultRow;
import dev.coppice.worker.job.Assignment;
import dev.coppice.worker.job.JobRunner;
import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.job.WorkerSettings;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;

/** How long whole jobs take, from the model's file to the row, as an executor runs them, without Spark. */
public final class JobsBenchmark {

    private JobsBenchmark() {}

    /**
     * What was measured.
     *
     * @param rows of all jobs, in their order
     * @param processorSeconds of all threads
     */
    public record Result(Instant started, Instant ended, List<ResultRow> rows, double processorSeconds) {

        public Result {
            rows = List.copyOf(rows);
        }

        /** From the first job's beginning to the last one's end. */
        public double seconds() {
            return 1e-3 * (ended.toEpochMilli() - started.toEpochMilli());
        }

        /** Jobs without a result. */
        public long failed() {
            return rows.stream().filter(row -> row.failure() != null).count();
        }

        /** A part of the jobs' costs, summed over all. */
        public double sum(ToDoubleFunction<Cost> part) {
            return rows.stream().map(ResultRow::cost).mapToDouble(part).sum();
        }
    }

    /**
     * Runs all jobs, with nothing cached before the first.
     *
     * @param atOnce jobs that run side by side and share the device's memory
     */
    public static Result measure(WorkerSettings settings, List<JobTicket> jobs, int atOnce) {
        JobRunner runner = new JobRunner(settings.withJobsOnADevice(atOnce), Map.of());
        runner.check(List.of(), null);
        OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        ExecutorService slots = Executors.newFixedThreadPool(atOnce);
        try {
            long processorStart = process.getProcessCpuTime();
            Instant started = Instant.now();
            List<Future<ResultRow>> running = new ArrayList<>();
            for (JobTicket job : jobs) {
                running.add(slots.submit(() -> runner.run(job, Assignment.NONE).row()));
            }
            ResultRow[] rows = new ResultRow[jobs.size()];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = row(running.get(i));
            }
            double processorSeconds = 1e-9 * (process.getProcessCpuTime() - processorStart);
            return new Result(started, Instant.now(), Arrays.asList(rows), processorSeconds);
        } finally {
            slots.shutdownNow();
        }
    }

    /** What has no row, such as a lost device, ends the measurement. */
    private static ResultRow row(Future<ResultRow> job) {
        try {
            return job.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while jobs were measured", e);
        }
    }
}
