package dev.coppice.driver.cli;

import dev.coppice.driver.config.SweepSettings;
import dev.coppice.driver.report.Format;
import dev.coppice.driver.report.Paper;
import dev.coppice.driver.report.PaperTable;
import dev.coppice.driver.report.Reports;
import dev.coppice.driver.report.ResultTable;
import dev.coppice.results.store.ResultStore;
import dev.coppice.worker.prune.Methods;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coppice report}: the tables of a sweep. */
@Command(
        name = "report",
        description = "Shows a sweep's results: methods as rows, ratios as columns, against the dense model.",
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Format format = Format.TERMINAL;

    @Option(
            names = "--paper",
            paramLabel = "NAME",
            description = "A paper's table, with our figures beside the paper's: ${COMPLETION-CANDIDATES}.")
    private @Nullable Paper paper;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to this file.")
    private @Nullable Path output;

    @Override
    public Integer call() throws Exception {
        SweepSettings settings = config.load();
        ResultStore store = config.store(settings);
        ResultTable table = ResultTable.of(settings.name(), store, Methods::standard);
        if (paper != null) {
            if (output != null || (format != Format.TERMINAL && format != Format.MARKDOWN)) {
                throw new UsageException(
                        "--paper prints text or, with --format markdown, Markdown; redirect it to a file");
            }
            PrintWriter out = spec.commandLine().getOut();
            PaperTable.write(paper, format, table, out);
            out.flush();
            return ExitCodes.OK;
        }
        if (output != null) {
            ReportFile.write(output, format, table, settings.search());
        } else {
            PrintWriter out = spec.commandLine().getOut();
            Reports.write(format, table, settings.search(), out);
            out.flush();
        }
        return ExitCodes.OK;
    }
}
