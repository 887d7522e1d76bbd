package dev.coppice.driver.cli;

import dev.coppice.driver.config.SweepSettings;
import dev.coppice.results.store.CompactionReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code coppice compact}: merges the small row files of a sweep. */
@Command(
        name = "compact",
        description = "Merges a sweep's row files into few. Safe at any time, also while the sweep runs.",
        mixinStandardHelpOptions = true)
final class CompactCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Override
    public Integer call() {
        SweepSettings settings = config.load();
        CompactionReport report = config.store(settings).compact(settings.name());
        spec.commandLine()
                .getOut()
                .printf(
                        "%d rows merged into %d files, %d files deleted%n",
                        report.rowsMerged(), report.filesWritten(), report.filesDeleted());
        report.unreadable()
                .forEach(file ->
                        spec.commandLine().getErr().println("left aside: " + file.path() + ": " + file.reason()));
        return ExitCodes.OK;
    }
}
