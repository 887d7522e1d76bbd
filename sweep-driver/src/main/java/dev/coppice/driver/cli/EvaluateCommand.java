package dev.coppice.driver.cli;

import dev.coppice.driver.config.ConfigLoader;
import dev.coppice.driver.config.SweepSettings;
import dev.coppice.driver.plan.Planner;
import dev.coppice.driver.plan.SweepPlan;
import dev.coppice.driver.report.RowReport;
import dev.coppice.results.JobId;
import dev.coppice.results.Outcome;
import dev.coppice.results.ResultRow;
import dev.coppice.results.store.ResultStore;
import dev.coppice.worker.compute.DeviceLostException;
import dev.coppice.worker.job.Assignment;
import dev.coppice.worker.job.JobResult;
import dev.coppice.worker.job.JobRunner;
import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.job.WorkerSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coppice evaluate}: one job, in this process. */
@Command(
        name = "evaluate",
        description = {
            "Runs one job of a sweep in this process, without Spark, and prints its row.",
            "Exit codes: 0 the job is done, 1 it failed (the row says why), 2 a mistake in the options."
        },
        mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private PrunedModelOptions model = new PrunedModelOptions();

    @Option(names = "--task", paramLabel = "NAME", required = true, description = "The task; see coppice list tasks.")
    private String task = "";

    @Option(
            names = "--data",
            paramLabel = "PATH",
            required = true,
            description = "File or folder of its data, or a URI.")
    private String data = "";

    @Option(names = "--limit", paramLabel = "N", description = "The first N examples only.")
    private @Nullable Integer limit;

    @Option(names = "--length", paramLabel = "N", description = "Most tokens that a language model is fed at once.")
    private @Nullable Integer length;

    @Option(names = "--protocol", paramLabel = "NAME", description = "How the metric is computed, of several ways.")
    private @Nullable String protocol;

    @Option(names = "--threads", paramLabel = "N", description = "Processor threads. Default: all.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--out", paramLabel = "DIR", description = "Write the row there, too, as a sweep's jobs do.")
    private @Nullable String out;

    @Option(names = "--sweep", paramLabel = "NAME", description = "Name of the sweep in --out. Default: evaluate.")
    private String sweep = "evaluate";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        SweepSettings settings = settings();
        SweepPlan plan = Planner.plan(settings);
        if (plan.jobs().size() != 1) {
            List<String> reasons = new ArrayList<>(plan.unresolved());
            reasons.addAll(plan.dropped().keySet());
            reasons.remove(Planner.LEFT_OUT);
            throw new UsageException(String.join(System.lineSeparator(), reasons));
        }
        JobTicket ticket = plan.jobs().get(0);
        ResultStore store = out == null ? null : ResultStore.at(settings.output());
        if (store != null) {
            ticket = ticket.withAttempt(attempts(store, ticket.spec().id()) + 1);
        }
        JobResult result = run(ticket, settings.worker());
        if (store != null) {
            write(store, result, settings.worker());
        }
        print(result.row());
        return result.row().failure() == null ? ExitCodes.OK : ExitCodes.FAILED;
    }

    /** One model, one task, one method and ratio: the config of the sweep that has this job only. */
    private SweepSettings settings() {
        Map<String, Object> keys = model.keys();
        Map<String, Object> taskKeys = model.taskKeys(task, data);
        putIfGiven(taskKeys, "limit", limit);
        putIfGiven(taskKeys, "length", length);
        putIfGiven(taskKeys, "protocol", protocol);
        keys.put("tasks", List.of(taskKeys));
        keys.put("name", sweep);
        keys.put("output", out == null ? "." : out);
        List<String> overrides = new ArrayList<>(List.of("worker.threads=" + threads));
        overrides.addAll(model.overrides());
        return ConfigLoader.of(keys, Path.of(""), overrides);
    }

    private static void putIfGiven(Map<String, Object> keys, String key, @Nullable Object value) {
        if (value != null) {
            keys.put(key, value);
        }
    }

    private int attempts(ResultStore store, JobId job) {
        Outcome last = store.outcomes(sweep).byJob().get(job);
        return last == null ? 0 : last.attempt();
    }

    private static JobResult run(JobTicket ticket, WorkerSettings settings) {
        JobRunner runner = new JobRunner(settings, Map.of());
        try {
            runner.check(List.of(), null);
            return runner.run(ticket, Assignment.NONE);
        } catch (IllegalStateException | DeviceLostException e) { // the device, or what it needs, is not there or gone
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static void write(ResultStore store, JobResult result, WorkerSettings settings) {
        ResultRow row = result.row();
        if (settings.samples() && row.failure() == null) {
            store.writeSamples(row.sweep(), row.jobId(), row.attempt(), result.samples());
        }
        store.writeRow(row);
    }

    private void print(ResultRow row) throws IOException {
        PrintWriter printer = spec.commandLine().getOut();
        if (json) {
            RowReport.json(row, printer);
        } else {
            RowReport.text(row, printer);
        }
        printer.flush();
    }
}
