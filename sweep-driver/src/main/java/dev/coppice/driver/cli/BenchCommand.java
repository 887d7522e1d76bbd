package dev.coppice.driver.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.job.BuildInfo;
import dev.coppice.worker.job.bench.BenchmarkResult;
import dev.coppice.worker.job.bench.ClassifierBenchmark;
import dev.coppice.worker.job.bench.LayerKind;
import dev.coppice.worker.job.bench.Preset;
import dev.coppice.worker.job.bench.Repeats;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coppice bench}: how fast classifiers of known shapes run here. */
@Command(
        name = "bench",
        description = {
            "Measures the evaluation of a classifier with random weights and prints one line of JSON:",
            "sequences/s, GFLOP/s and their share of what large matrix products reach in the same process."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class BenchCommand implements Callable<Integer> {

    private static final MathContext FOUR_DIGITS = new MathContext(4);
    private static final long MIB = 1L << 20;
    private static final Duration WARM_UP = Duration.ofSeconds(3);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--preset", description = "Shape of the model: ${COMPLETION-CANDIDATES}.")
    private Preset preset = Preset.SMNIST;

    @Option(names = "--layer", description = "Kind of its layers: ${COMPLETION-CANDIDATES}.")
    private LayerKind layer = LayerKind.S5;

    @Option(names = "--threads", paramLabel = "N", description = "Processor threads.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--batch", paramLabel = "B", description = "Sequences of one repeat.")
    private int batch = 50;

    @Option(
            names = "--kept-states",
            paramLabel = "F",
            description = "Share of the states that stays; the others are removed.")
    private double keptStates = 1;

    @Option(names = "--repeats", paramLabel = "N", description = "Timed repeats; the figure is their median.")
    private int repeats = 3;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of weights and inputs.")
    private long seed = 0;

    @Override
    public Integer call() throws Exception {
        spec.commandLine()
                .getOut()
                .println(JsonMapper.builder().build().writeValueAsString(line(ClassifierBenchmark.run(settings()))));
        return ExitCodes.OK;
    }

    private ClassifierBenchmark.Settings settings() {
        try {
            return new ClassifierBenchmark.Settings(preset, layer, threads, batch, keptStates, repeats, WARM_UP, seed);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private ObjectNode line(BenchmarkResult result) {
        ObjectNode line = JsonMapper.builder().build().createObjectNode();
        line.put("bench", "coppice_" + name(layer))
                .put("threads", threads)
                .put("preset", name(preset))
                .put("batch", batch)
                .put(
                        layer == LayerKind.S5 ? "states_per_layer" : "states_per_channel",
                        (layer == LayerKind.S5 ? 1 : 2) * result.settings().states())
                .put("sequences_per_s", rounded(result.sequencesPerSecond()))
                .put("tokens_per_s", rounded(result.stepsPerSecond()))
                .put("gflop_per_s", rounded(result.gigaflops()))
                .put("peak_gflop_per_s", rounded(result.peakGigaflops()))
                .put("share_of_peak", rounded(result.shareOfPeak()));
        Repeats times = result.times();
        line.putObject("warm")
                .put("median_s", rounded(times.median()))
                .put("min_s", rounded(times.min()))
                .put("max_s", rounded(times.max()))
                .put("repeats", repeats)
                .put("cpu_median_s", rounded(times.medianProcessor()));
        line.put("loadavg", rounded(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()))
                .put("tensor_mib", result.tensorBytes() / MIB);
        line.putObject("options").put("kept_states", keptStates).put("seed", seed);
        line.putObject("versions")
                .put("coppice", BuildInfo.current().toString())
                .put("java", Runtime.version().toString())
                .put("openblas", CpuBackend.requireNative())
                .put("openblas_coretype", System.getenv("OPENBLAS_CORETYPE")); // null: its own choice of kernels
        return line;
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static BigDecimal rounded(double value) {
        return new BigDecimal(value, FOUR_DIGITS);
    }
}
