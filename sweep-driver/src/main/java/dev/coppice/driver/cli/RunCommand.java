package dev.coppice.driver.cli;

import dev.coppice.driver.config.SweepSettings;
import dev.coppice.driver.launch.FailureLimit;
import dev.coppice.driver.launch.SweepLauncher;
import dev.coppice.driver.launch.SweepOutcome;
import dev.coppice.driver.plan.Planner;
import dev.coppice.driver.plan.Retries;
import dev.coppice.driver.plan.SweepPlan;
import dev.coppice.driver.report.Format;
import dev.coppice.driver.report.Reports;
import dev.coppice.driver.report.ResultTable;
import dev.coppice.results.store.ResultStore;
import dev.coppice.worker.prune.Methods;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coppice run}: runs what is missing of a sweep and prints its table. */
@Command(
        name = "run",
        description =
                "Runs what is missing of a sweep and prints its table. The same command goes on where it stopped.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--retry-failed", description = "Run failed jobs again.")
    private boolean retryFailed;

    @Option(names = "--fail-fast", description = "Stop at the first failed job.")
    private boolean failFast;

    @Option(names = "--max-failures", paramLabel = "N", description = "Stop when N jobs have failed.")
    private int maxFailures = Integer.MAX_VALUE;

    @Override
    public Integer call() throws Exception {
        SweepSettings settings = config.load();
        ResultStore store = config.store(settings);
        SweepPlan plan = Planner.plan(settings, store, retryFailed ? Retries.ALL : Retries.LOST);
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (!plan.unresolved().isEmpty()) {
            plan.unresolved().forEach(err::println);
            return ExitCodes.USAGE;
        }
        store.writePlan(settings.name(), plan.grid());
        PlanText.print(settings, plan, err);
        SweepOutcome outcome = plan.jobs().isEmpty()
                ? new SweepOutcome(0, 0, SweepOutcome.End.COMPLETE, null)
                : launch(settings, store, plan, err);
        ResultTable table = ResultTable.of(settings.name(), store, Methods::standard);
        boolean trouble = outcome.end() == SweepOutcome.End.TROUBLE;
        if (!trouble || !table.rows().isEmpty()) {
            out.println();
            Reports.write(Format.TERMINAL, table, settings.search(), out);
            out.flush();
        }
        if (!trouble) { // an output that takes no rows takes no page either
            writePage(settings, table, err);
        }
        return exitCode(outcome, plan, err);
    }

    private SweepOutcome launch(SweepSettings settings, ResultStore store, SweepPlan plan, PrintWriter err) {
        ProgressReport progress = new ProgressReport(plan.jobs().size(), err);
        FailureLimit limit = new FailureLimit(failFast ? 1 : maxFailures);
        SweepLauncher launcher = new SweepLauncher(settings, store, limit, progress);
        try {
            return launcher.run(plan, () -> nextRound(settings, store, progress), () -> interrupted(progress, err));
        } finally {
            progress.close();
        }
    }

    /** What a search measures next; a grid has one round. Failed jobs of this run are not tried again in it. */
    private static SweepPlan nextRound(SweepSettings settings, ResultStore store, ProgressReport progress) {
        if (settings.maxLoss() == null) {
            return SweepPlan.nothing(settings.name());
        }
        SweepPlan plan = Planner.plan(settings, store, Retries.NONE);
        store.writePlan(settings.name(), plan.grid());
        progress.expect(plan.jobs().size());
        return plan;
    }

    /** The virtual machine is going down after Ctrl-C: say how to go on. */
    private static void interrupted(ProgressReport progress, PrintWriter err) {
        progress.close();
        err.println("Stopped. Finished jobs are safe; to go on, run the same command again.");
        err.flush();
    }

    /** The HTML page goes beside the rows where these are on this machine. */
    private static void writePage(SweepSettings settings, ResultTable table, PrintWriter err) throws IOException {
        if (settings.output().matches("[A-Za-z][A-Za-z0-9+.-]+:/.*")) {
            err.printf("%nRows are in %s/%s%n", settings.output(), settings.name());
            return;
        }
        Path page = Path.of(settings.output(), settings.name(), "report.html");
        ReportFile.write(page, Format.HTML, table, settings.search());
        err.printf("%nRows are in %s, charts in %s%n", page.resolveSibling("rows"), page);
    }

    private static int exitCode(SweepOutcome outcome, SweepPlan plan, PrintWriter err) {
        switch (outcome.end()) {
            case INTERRUPTED -> {
                return ExitCodes.INTERRUPTED;
            }
            case TROUBLE -> {
                err.println("The sweep was stopped: " + outcome.trouble());
                err.println("Finished jobs are safe; mend this and run the same command again.");
                return ExitCodes.USAGE;
            }
            case FAILURE_LIMIT ->
                err.println("Stopped after " + outcome.failed() + " failed jobs. Run again to go on.");
            case COMPLETE -> {
                int failed = outcome.failed() + plan.failed();
                if (failed > 0) {
                    err.println(failed + " jobs failed. When the cause is mended: run again with --retry-failed.");
                }
            }
        }
        return outcome.failed() + plan.failed() > 0 ? ExitCodes.FAILED : ExitCodes.OK;
    }
}
