package dev.coppice.driver.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.driver.config.ConfigLoader;
import dev.coppice.driver.config.SweepSettings;
import dev.coppice.driver.plan.Planner;
import dev.coppice.driver.plan.SweepPlan;
import dev.coppice.results.Cost;
import dev.coppice.results.ResultRow;
import dev.coppice.worker.job.bench.Conditions;
import dev.coppice.worker.job.bench.JobsBenchmark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Option;

/** The part of {@code coppice bench} that measures whole jobs, with its options. */
final class SweepBench {

    @Option(
            names = "--sweep",
            paramLabel = "FILE",
            required = true,
            description =
                    "Measure the jobs of this config, run in this process without Spark and without writing rows.")
    private Path config = Path.of("");

    @Option(
            names = "--at-once",
            paramLabel = "N",
            split = ",",
            description = "Jobs side by side, which share the device; with several numbers all jobs run once for each."
                    + " Default: 1.")
    private List<Integer> atOnce = List.of(1);

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Overrides a key of the config. May be given several times.")
    private List<String> further = new ArrayList<>();

    /**
     * Measures the sweep's jobs.
     *
     * @param overrides what the command's other options say, as {@code --set} of a sweep takes it
     */
    ObjectNode measure(List<String> overrides, Conditions conditions) {
        if (atOnce.stream().anyMatch(jobs -> jobs < 1)) {
            throw new UsageException("--at-once is at least 1, not " + atOnce);
        }
        List<String> all = new ArrayList<>(overrides);
        all.addAll(further);
        SweepSettings settings = ConfigLoader.load(config, all);
        SweepPlan plan = Planner.plan(settings);
        if (!plan.unresolved().isEmpty() || plan.jobs().isEmpty()) {
            throw new UsageException(
                    plan.jobs().isEmpty() && plan.unresolved().isEmpty()
                            ? config + ": has no jobs: "
                                    + String.join("; ", plan.dropped().keySet())
                            : String.join(System.lineSeparator(), plan.unresolved()));
        }
        ObjectNode line = BenchLine.of("coppice_sweep", conditions)
                .put("sweep", settings.name())
                .put("jobs", plan.jobs().size());
        ArrayNode passes = line.putArray("passes");
        for (int jobs : atOnce) {
            add(passes.addObject(), jobs, JobsBenchmark.measure(settings.worker(), plan.jobs(), jobs));
        }
        BenchLine.addProcess(line);
        return line;
    }

    private static void add(ObjectNode pass, int jobs, JobsBenchmark.Result result) {
        List<ResultRow> rows = result.rows();
        Cost first = rows.get(0).cost();
        long deviceBytes = rows.stream()
                .map(row -> row.cost().peakDeviceBytes())
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        pass.put("at_once", jobs)
                .put("device", first.placement().device())
                .put("started", result.started().toString())
                .put("ended", result.ended().toString())
                .put("seconds", BenchLine.rounded(result.seconds()))
                .put("cells_per_hour", BenchLine.rounded(3600 * (rows.size() - result.failed()) / result.seconds()))
                .put("cpu_s", BenchLine.rounded(result.processorSeconds()))
                .put("peak_device_mib", deviceBytes / BenchLine.MIB)
                .put("failed", result.failed());
        ObjectNode phases = pass.putObject("job_seconds");
        phases.put("load", BenchLine.rounded(result.sum(Cost::secondsLoad)))
                .put("score", BenchLine.rounded(result.sum(Cost::secondsScore)))
                .put("prune", BenchLine.rounded(result.sum(Cost::secondsPrune)))
                .put("evaluate", BenchLine.rounded(result.sum(Cost::secondsEvaluate)));
        ArrayNode failures = pass.putArray("failures");
        rows.stream()
                .map(ResultRow::failure)
                .filter(Objects::nonNull)
                .map(failure -> failure.kind() + ": " + failure.message())
                .distinct()
                .forEach(failures::add);
    }
}
