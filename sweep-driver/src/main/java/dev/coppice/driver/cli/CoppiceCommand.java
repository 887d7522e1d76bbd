package dev.coppice.driver.cli;

import dev.coppice.driver.config.ConfigProblemsException;
import dev.coppice.results.store.StoreException;
import dev.coppice.worker.job.BuildInfo;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.task.DataException;
import dev.coppice.worker.task.ParameterException;
import dev.coppice.worker.tokenizer.TokenizerException;
import dev.coppice.worker.weights.CheckpointException;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root of the command line. */
@Command(
        name = "coppice",
        description = "Runs pruning experiments on state-space models.",
        mixinStandardHelpOptions = true,
        versionProvider = CoppiceCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit codes: 0 all is well, 1 failed jobs or a failed check, 2 a mistake in the config or the command,",
            "130 interrupted.",
            "Start with: coppice run conf/quickstart.conf"
        },
        subcommands = {
            RunCommand.class,
            PlanCommand.class,
            StatusCommand.class,
            ReportCommand.class,
            EvaluateCommand.class,
            PruneCommand.class,
            CompactCommand.class,
            VerifyCommand.class,
            InspectCommand.class,
            ListCommand.class,
            SynthesizeCommand.class,
            BenchCommand.class,
            DoctorCommand.class,
            AutoComplete.GenerateCompletion.class,
            CommandLine.HelpCommand.class
        })
public final class CoppiceCommand {

    private static final List<Class<? extends RuntimeException>> MISTAKES = List.of(
            ConfigProblemsException.class,
            StoreException.class,
            ModelException.class,
            CheckpointException.class,
            DataException.class,
            ParameterException.class,
            TokenizerException.class,
            UsageException.class);

    /** Runs the command that {@code args} name and returns its exit code. */
    public static int run(String... args) {
        return commandLine().execute(args.length == 0 ? new String[] {"--help"} : args);
    }

    /** The command line, for those who want its output elsewhere. */
    static CommandLine commandLine() {
        return new CommandLine(new CoppiceCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command));
    }

    /** A user's mistake is told in its own words; anything else is a defect, and its trace belongs in a report. */
    private static int explain(Exception failure, CommandLine command) {
        if (MISTAKES.stream().anyMatch(mistake -> mistake.isInstance(failure))) {
            command.getErr().println(failure.getMessage());
            return ExitCodes.USAGE;
        }
        command.getErr()
                .println("This is a defect of Coppice " + BuildInfo.current() + "; please report it with these lines:");
        failure.printStackTrace(command.getErr());
        return ExitCodes.DEFECT;
    }

    /** Version and commit. */
    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"coppice " + BuildInfo.current()};
        }
    }
}
