package dev.coppice.driver.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.coppice.driver.config.SweepSettings;
import dev.coppice.driver.plan.Planner;
import dev.coppice.driver.plan.Retries;
import dev.coppice.driver.plan.SweepPlan;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coppice plan}: what a run would do. Writes nothing. */
@Command(
        name = "plan",
        description =
                "Shows what a run would do: the grid, what is dropped and why, what is done, how many jobs are left.",
        mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--strict", description = "Exit with 2 when a model or data is not there.")
    private boolean strict;

    @Option(names = "--retry-failed", description = "Count failed jobs as jobs to run.")
    private boolean retryFailed;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        SweepSettings settings = config.load();
        SweepPlan plan = Planner.plan(settings, config.store(settings), retryFailed ? Retries.ALL : Retries.LOST);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("sweep", plan.sweep());
            fields.put("cells", plan.grid().size());
            fields.put("jobs", plan.jobs().size());
            fields.put("done", plan.done());
            fields.put("failed", plan.failed());
            fields.put("dropped", plan.dropped());
            fields.put("unresolved", plan.unresolved());
            out.println(JsonMapper.builder()
                    .build()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(fields));
        } else {
            PlanText.print(settings, plan, out);
        }
        return strict && !plan.unresolved().isEmpty() ? ExitCodes.USAGE : ExitCodes.OK;
    }
}
