package dev.coppice.driver.cli;

import dev.coppice.worker.job.synthesis.Synthesis;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coppice synthesize}: a checkpoint with random weights of a published shape. */
@Command(
        name = "synthesize",
        description = {
            "Writes a language model's checkpoint with random weights, of the shape that its config.json describes.",
            "For capacity planning and tests: it has learnt nothing. The same seed gives the same bytes."
        },
        mixinStandardHelpOptions = true)
final class SynthesizeCommand implements Callable<Integer> {

    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,8})(KB|MB|GB)");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "A model's config.json; a hybrid's mamba_config.json lies beside it.")
    private Path config = Path.of("");

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The new model's folder.")
    private Path out = Path.of("");

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "Type of the weights: float32, bfloat16 or float16. Default: float32.")
    private StoredType type = StoredType.FLOAT32;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the weights. Default: 0.")
    private long seed;

    @Option(
            names = "--shard-size",
            paramLabel = "SIZE",
            description = "Most bytes of one weight file, such as 500MB. Default: 5GB.")
    private String shardSize = "5GB";

    @Override
    public Integer call() {
        if (!config.endsWith("config.json")) {
            throw new UsageException("--config " + config + ": name a model's config.json");
        }
        Path folder = config.getParent() == null ? Path.of("") : config.getParent();
        Synthesis.Made made = Synthesis.write(folder, out, type.dtype(), seed, bytes(shardSize));
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "%s: %s, %d tensors, %d parameters, %d bytes%n",
                        out,
                        made.architecture(),
                        made.tensors(),
                        made.parameters(),
                        made.bytes());
        return ExitCodes.OK;
    }

    /** A size in bytes; units are decimal, as in Hugging Face's tools. */
    private static long bytes(String size) {
        Matcher matcher = SIZE.matcher(size.toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new UsageException("--shard-size is " + size + "; expected a number with KB, MB or GB, such as 5GB");
        }
        long unit = switch (matcher.group(2)) {
            case "KB" -> 1_000L;
            case "MB" -> 1_000_000L;
            default -> 1_000_000_000L;
        };
        return unit * Long.parseLong(matcher.group(1));
    }
}
