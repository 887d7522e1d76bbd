package dev.coppice.driver.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.coppice.driver.config.SweepSettings;
import dev.coppice.results.Outcome;
import dev.coppice.results.PlannedJob;
import dev.coppice.results.Status;
import dev.coppice.results.store.ResultStore;
import dev.coppice.results.store.StoredOutcomes;
import dev.coppice.results.store.UnreadableFile;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coppice status}: how far a sweep is, from its plan and rows. */
@Command(
        name = "status",
        description = "Tells how many jobs of a sweep are done, failed and pending.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        SweepSettings settings = config.load();
        ResultStore store = config.store(settings);
        StoredOutcomes outcomes = store.outcomes(settings.name());
        int done = 0;
        int failed = 0;
        int pending = 0;
        for (PlannedJob job : store.plan(settings.name())) {
            Outcome outcome = outcomes.byJob().get(job.jobId());
            if (outcome == null) {
                pending++;
            } else if (outcome.status() == Status.DONE) {
                done++;
            } else {
                failed++;
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.builder()
                    .build()
                    .writeValueAsString(Map.of("done", done, "failed", failed, "pending", pending)));
        } else {
            out.printf("%d done, %d failed, %d pending%n", done, failed, pending);
        }
        for (UnreadableFile file : outcomes.unreadable()) {
            spec.commandLine().getErr().println("left aside: " + file.path() + ": " + file.reason());
        }
        return ExitCodes.OK;
    }
}
