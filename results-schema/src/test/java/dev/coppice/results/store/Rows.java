package dev.coppice.results.store;

import dev.coppice.results.Achieved;
import dev.coppice.results.Cost;
import dev.coppice.results.Failure;
import dev.coppice.results.FailureKind;
import dev.coppice.results.Granularity;
import dev.coppice.results.JobSpec;
import dev.coppice.results.Metrics;
import dev.coppice.results.Placement;
import dev.coppice.results.PlannedJob;
import dev.coppice.results.Provenance;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Status;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rows and jobs to store. */
final class Rows {

    static final String SWEEP = "demo";

    private static final Instant START = Instant.parse("2026-01-02T03:04:05.678901Z");

    private Rows() {}

    static PlannedJob job(int number) {
        JobSpec spec = new JobSpec(
                "s5-smnist",
                "ab".repeat(32),
                "smnist",
                "1",
                new TreeMap<>(Map.of("limit", "200")),
                "random",
                new TreeMap<>(),
                new TreeMap<>(),
                new BigDecimal("0.3"),
                (long) number,
                "float32");
        return new PlannedJob(spec, "s5", "accuracy", "test", Granularity.STATE);
    }

    static List<PlannedJob> jobs(int count) {
        List<PlannedJob> jobs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            jobs.add(job(i));
        }
        return jobs;
    }

    /** A row in which every column has a value. */
    static ResultRow done(int number, int attempt) {
        PlannedJob job = job(number);
        Metrics metrics = new Metrics(
                0.9712, 0.0017, 0.5, 0.01, 12.5, 20.25, 1.75, 0.8, 0.125, 200, 156_800, Map.of("correct", 194.0));
        Achieved achieved =
                new Achieved(0.296875, 0.28, 0.11, 41_234, 512, 2048L, List.of(22, 23, 20, 25), "|lambda| >= 1");
        return new ResultRow(
                SWEEP,
                job.jobId(),
                attempt,
                Status.DONE,
                null,
                job.coordinates(),
                achieved,
                metrics,
                cost(),
                provenance());
    }

    /** A row in which every column that may be null is. */
    static ResultRow failed(int number, int attempt, FailureKind kind) {
        PlannedJob job = job(number);
        Cost cost = new Cost(START, START.plusSeconds(1), 0, 0, 0, 0, null, null, null, Placement.on("cpu"));
        Failure failure =
                new Failure(kind, "weights.safetensors: 12 bytes are missing at its end. Copy the file again");
        return new ResultRow(
                SWEEP, job.jobId(), attempt, Status.FAILED, failure, job.coordinates(), null, null, cost, provenance());
    }

    private static Cost cost() {
        Placement placement = new Placement("cuda:1 a device", 40L << 30, "3", "1", true);
        return new Cost(
                START, START.plusMillis(1500), 0.25, 0.125, 0.0625, 1.0, 156_800.0, 1L << 30, 1L << 20, placement);
    }

    private static Provenance provenance() {
        return new Provenance(
                "0.1.0",
                "0123456789abcdef",
                "17.0.15 Debian",
                "Linux 6.1 amd64",
                "a processor",
                "550.54",
                "cpu",
                Map.of("openblas", "0.3.31", "spark", "4.2.0"),
                "ab".repeat(32),
                "cd".repeat(32),
                "host");
    }
}
