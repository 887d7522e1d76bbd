package dev.coppice.driver.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.results.DidYouMean;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.job.Backends;
import dev.coppice.worker.job.PrecisionChoice;
import dev.coppice.worker.job.bench.Conditions;
import dev.coppice.worker.job.bench.LanguagePreset;
import dev.coppice.worker.job.bench.Preset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coppice bench}: how fast models of known shapes, or a model of the user's, run here. */
@Command(
        name = "bench",
        description = {
            "Measures the evaluation of a model and prints one line of JSON: sequences, tokens or documents a second,",
            "memory, and for random weights GFLOP/s and their share of what large matrix products reach in the same process.",
            "A language model's prefill scores all tokens of random sequences; --task evaluates a task's examples;",
            "--prune prunes a language model at several ratios; --sweep runs the jobs of a config, which --backend, --device,",
            "--precision and --threads (of a job) override."
        },
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {

    private static final Duration WARM_UP = Duration.ofSeconds(3);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            completionCandidates = PresetNames.class,
            description = "Shape of a model with random weights: ${COMPLETION-CANDIDATES}. Default: smnist.")
    private @Nullable String preset;

    @Option(names = "--backend", paramLabel = "NAME", description = "What computes: cpu, cuda or nd4j. Default: cpu.")
    private String backend = "cpu";

    @Option(names = "--device", paramLabel = "ADDRESS", description = "Which of the backend's devices.")
    private @Nullable String device;

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            description = "Arithmetic: float32, tf32 (cuda), bfloat16 or float16. Default: float32.")
    private Precision precision = Precision.FLOAT32;

    @Option(names = "--threads", paramLabel = "N", description = "Processor threads. Default: all.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--batch",
            paramLabel = "B",
            description = "Sequences of one repeat. Default: 50; language models 1.")
    private @Nullable Integer batch;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "Timed repeats; the figure is their median. Default: 3.")
    private int repeats = 3;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of weights and inputs. Default: 0.")
    private long seed = 0;

    @ArgGroup(exclusive = false, heading = "%nClassifiers:%n")
    private @Nullable ClassifierBench classifier;

    @ArgGroup(exclusive = false, heading = "%nLanguage models and stored models:%n")
    private @Nullable LanguageBench language;

    @ArgGroup(exclusive = false, heading = "%nPruning of language models:%n")
    private @Nullable PruneBench prune;

    @ArgGroup(exclusive = false, heading = "%nWhole jobs:%n")
    private @Nullable SweepBench sweep;

    /** Names of all presets. */
    static final class PresetNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return all().iterator();
        }

        private static List<String> all() {
            return Stream.concat(
                            Arrays.stream(Preset.values()).map(BenchLine::name),
                            Arrays.stream(LanguagePreset.values()).map(LanguagePreset::label))
                    .toList();
        }
    }

    @Override
    public Integer call() throws Exception {
        String name = preset == null && (language == null || language.folder() == null)
                ? BenchLine.name(Preset.SMNIST)
                : preset;
        LanguagePreset published = Arrays.stream(LanguagePreset.values())
                .filter(each -> each.label().equals(name))
                .findFirst()
                .orElse(null);
        ObjectNode line;
        if (sweep != null) {
            refuse(preset, "--preset and --batch are", "random weights");
            refuse(batch, "--preset and --batch are", "random weights");
            refuse(classifier, "--layer and --kept-states are", "classifiers");
            refuse(language, "--length, --dtype, --model, --task, --limit and --data are", "language models");
            line = sweep.measure(overrides(), conditions());
        } else if (prune != null) {
            refuse(classifier, "--layer and --kept-states are", "classifiers");
            try (Compute compute = open(InputKind.LANGUAGE)) {
                line = prune.measure(published, language == null ? null : language.only(), compute, conditions());
            }
        } else if (name == null || published != null) {
            refuse(classifier, "--layer and --kept-states are", "classifiers");
            LanguageBench bench = language == null ? new LanguageBench() : language;
            try (Compute compute = open(bench.inputs())) {
                line = bench.measure(published, batch, compute, conditions());
            }
        } else {
            refuse(language, "--length, --dtype, --model, --task, --limit and --data are", "language models");
            ClassifierBench bench = classifier == null ? new ClassifierBench() : classifier;
            Preset shape = classifierPreset(name);
            try (Compute compute = open(InputKind.SYMBOLS)) {
                line = bench.measure(shape, batch, compute, conditions());
            }
        }
        spec.commandLine().getOut().println(JsonMapper.builder().build().writeValueAsString(line));
        return ExitCodes.OK;
    }

    /** What these options say to a sweep's jobs. */
    private List<String> overrides() {
        List<String> overrides = new ArrayList<>(List.of(
                "worker.backend=" + backend,
                "worker.precision=" + precision.configName(),
                "worker.threads=" + threads));
        if (device != null) {
            overrides.add("worker.device=" + device);
        }
        return overrides;
    }

    private static void refuse(@Nullable Object options, String which, String whose) {
        if (options != null) {
            throw new UsageException(which + " options of " + whose);
        }
    }

    private static Preset classifierPreset(String name) {
        return Arrays.stream(Preset.values())
                .filter(each -> BenchLine.name(each).equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new UsageException(
                        "there is no preset \"" + name + "\"; " + DidYouMean.hint(name, PresetNames.all())));
    }

    private Compute open(InputKind inputs) {
        try {
            String refusal = PrecisionChoice.refusal(Backends.of(backend), precision, inputs);
            if (refusal != null) {
                throw new UsageException(refusal);
            }
            return Backends.open(backend, device, threads, precision);
        } catch (IllegalArgumentException | IllegalStateException e) { // say what is not there and what to do
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private Conditions conditions() {
        try {
            return new Conditions(threads, repeats, WARM_UP, seed);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }
}
