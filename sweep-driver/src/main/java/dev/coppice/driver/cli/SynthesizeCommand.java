package dev.coppice.driver.cli;

import dev.coppice.worker.job.synthesis.Synthesis;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private ShardSizeOption shardSize = new ShardSizeOption();

    @Override
    public Integer call() {
        if (!config.endsWith("config.json")) {
            throw new UsageException("--config " + config + ": name a model's config.json");
        }
        Path folder = config.getParent() == null ? Path.of("") : config.getParent();
        Synthesis.Made made = Synthesis.write(folder, out, type.dtype(), seed, shardSize.bytes());
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
}
