package dev.coppice.driver.report;

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
import dev.coppice.results.store.ResultStore;
import dev.coppice.worker.prune.Methods;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A sweep of two models through a real store: every job of the first is done but one that failed; of the second only the
 * dense model and one method at one ratio.
 */
final class SampleSweep {

    static final String SWEEP = "sample";
    static final List<String> RATIOS = List.of("0.1", "0.3", "0.5", "0.7", "0.9");

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final int LAYERS = 4;
    private static final int STATES = 32;

    private final List<PlannedJob> plan = new ArrayList<>();
    private final ResultStore store;

    private SampleSweep(Path output) {
        this.store = ResultStore.at(output.toString());
    }

    /** The sweep, written to {@code output}, read back and arranged. */
    static ResultTable table(Path output) {
        SampleSweep sweep = new SampleSweep(output);
        sweep.first();
        sweep.second();
        sweep.store.writePlan(SWEEP, sweep.plan);
        return ResultTable.of(SWEEP, sweep.store.plan(SWEEP), sweep.store.rows(SWEEP), Methods::standard);
    }

    private void first() {
        done(job("s5-smnist", "s5", "dense", "0", null), 198);
        for (int i = 0; i < RATIOS.size(); i++) {
            String ratio = RATIOS.get(i);
            done(job("s5-smnist", "s5", "last", ratio, null), 198 - 2 * i * i);
            PlannedJob hinf = job("s5-smnist", "s5", "uniform-hinf", ratio, null);
            if (ratio.equals("0.9")) {
                failed(hinf, FailureKind.NUMERIC, "layer 2 has NaN scores: see </script><b>&\"weights\"");
            } else {
                done(hinf, 197 - 5 * i * i);
            }
            for (long seed = 1; seed <= 3; seed++) {
                done(job("s5-smnist", "s5", "random", ratio, seed), (int) (190 - 9 * i * i - 2 * seed));
            }
        }
    }

    private void second() {
        done(job("s4d|<i>", "s4d", "dense", "0", null), 190);
        done(job("s4d|<i>", "s4d", "last", "0.5", null), 185);
        job("s4d|<i>", "s4d", "last", "0.7", null);
    }

    private PlannedJob job(String model, String architecture, String method, String ratio, @Nullable Long seed) {
        JobSpec spec = spec(model, method, ratio, seed, Collections.emptySortedMap());
        Granularity granularity = method.equals(JobSpec.DENSE) ? null : Granularity.STATE;
        PlannedJob job = new PlannedJob(spec, architecture, "accuracy", "test", granularity);
        plan.add(job);
        return job;
    }

    static JobSpec spec(
            String model, String method, String ratio, @Nullable Long seed, SortedMap<String, String> methodParams) {
        return new JobSpec(
                model,
                "ab".repeat(32),
                "smnist",
                "1",
                new TreeMap<>(Map.of("limit", "200")),
                method,
                methodParams,
                new TreeMap<>(),
                new BigDecimal(ratio),
                seed,
                "float32");
    }

    private void done(PlannedJob job, int correct) {
        store.writeRow(doneRow(job, correct));
    }

    private void failed(PlannedJob job, FailureKind kind, String message) {
        store.writeRow(new ResultRow(
                SWEEP,
                job.jobId(),
                1,
                Status.FAILED,
                new Failure(kind, message),
                job.coordinates(),
                null,
                null,
                cost(),
                provenance()));
    }

    /** A row of {@code job} with {@code correct} of 200 right. */
    static ResultRow doneRow(PlannedJob job, int correct) {
        return doneRow(job, Metrics.ofClassifier(correct, 0.125, 200, 156_800));
    }

    static ResultRow doneRow(PlannedJob job, Metrics metrics) {
        double ratio = job.spec().ratio().doubleValue();
        List<Integer> kept = new ArrayList<>();
        for (int layer = 0; layer < LAYERS; layer++) {
            kept.add((int) Math.max(1, Math.round(STATES * (1 - ratio * (0.7 + 0.2 * layer) / 1.1))));
        }
        Achieved achieved = new Achieved(ratio, ratio / 2, ratio / 3, 40_000, 256, 1024L, kept, null);
        return new ResultRow(
                SWEEP, job.jobId(), 1, Status.DONE, null, job.coordinates(), achieved, metrics, cost(), provenance());
    }

    private static Cost cost() {
        return new Cost(
                START, START.plusSeconds(2), 0.5, 0.25, 0.125, 1.0, 156_800.0, 1L << 20, null, Placement.on("cpu"));
    }

    private static Provenance provenance() {
        return new Provenance(
                "0.1.0",
                "0123abcd",
                "17.0.15 Debian",
                "Linux 6.1 amd64",
                "a processor",
                null,
                "cpu",
                Map.of("openblas", "0.3.31", "spark", "4.2.0"),
                "ab".repeat(32),
                "cd".repeat(32),
                "host-1");
    }
}
