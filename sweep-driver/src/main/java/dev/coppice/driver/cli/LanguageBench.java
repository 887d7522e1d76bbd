package dev.coppice.driver.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.results.Metrics;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.job.LanguageEvaluation;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.job.bench.Conditions;
import dev.coppice.worker.job.bench.LanguageBenchmark;
import dev.coppice.worker.job.bench.LanguagePreset;
import dev.coppice.worker.job.bench.Measurement;
import dev.coppice.worker.job.bench.RandomLanguageModel;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.LanguageConfig;
import dev.coppice.worker.task.TaskParameters;
import dev.coppice.worker.task.Tasks;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The part of {@code coppice bench} that measures language models and stored models, with its options. */
final class LanguageBench {

    private static final int LENGTH = 2048;
    private static final int LIMIT = 20;

    @Option(names = "--length", paramLabel = "L", description = "Tokens of a sequence. Default: 2048.")
    private @Nullable Integer length;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "Type in which random weights are stored: float32, bfloat16 or float16. Default: float32.")
    private @Nullable StoredType dtype;

    @Option(names = "--model", paramLabel = "DIR", description = "A model's folder, in place of a preset.")
    private @Nullable Path folder;

    @Option(names = "--task", paramLabel = "TASK", description = "Measure this task with the model of --model.")
    private @Nullable String task;

    @Option(names = "--limit", paramLabel = "N", description = "Examples of the task. Default: 20.")
    private @Nullable Integer limit;

    @Option(names = "--data", paramLabel = "PATH", description = "The task's data. Default: data/lm of the checkout.")
    private @Nullable String data;

    @Nullable
    Path folder() {
        return folder;
    }

    /** What the model takes, by its config: the weights are read once, where they are measured. */
    InputKind inputs() {
        return folder == null || ModelFamilies.describe(folder).config() instanceof LanguageConfig
                ? InputKind.LANGUAGE
                : InputKind.SYMBOLS;
    }

    /** Measures the classifier of {@code --model} on {@code --task}. */
    private ObjectNode classify(
            SequenceClassifier model, @Nullable Integer batch, Compute compute, Conditions conditions) {
        if (length != null || dtype != null || batch != null) {
            throw new UsageException("--batch, --length and --dtype are for random inputs or weights");
        }
        if (task == null || data == null) {
            throw new UsageException("--model " + folder + ": classifies sequences; add a task and its data, such as"
                    + " --task smnist --data data/mnist, and --limit");
        }
        return ClassifierBench.measure(String.valueOf(folder), model, task, data, parameters(), compute, conditions);
    }

    private SortedMap<String, String> parameters() {
        return new TreeMap<>(Map.of(TaskParameters.LIMIT, String.valueOf(limit == null ? LIMIT : limit)));
    }

    /** The model of {@code --model}, where nothing is evaluated. */
    @Nullable
    Path only() {
        if (length != null || dtype != null || task != null || limit != null || data != null) {
            throw new UsageException("--length, --dtype, --task, --limit and --data are options of evaluation,"
                    + " which --prune does without");
        }
        return folder;
    }

    /**
     * Measures the preset, or the model of {@code --model}.
     *
     * @param preset null for the latter
     * @param batch sequences; null for the default
     */
    ObjectNode measure(
            @Nullable LanguagePreset preset, @Nullable Integer batch, Compute compute, Conditions conditions) {
        if (preset == null) {
            return measureStored(batch, compute, conditions);
        }
        if (folder != null || task != null || limit != null || data != null) {
            throw new UsageException("a preset has neither a folder nor a tokenizer; give --model without --preset,"
                    + " and --task, --limit and --data with it");
        }
        StoredType stored = dtype == null ? StoredType.FLOAT32 : dtype;
        try (RandomLanguageModel random = RandomLanguageModel.of(preset, stored.dtype(), conditions.seed())) {
            ObjectNode line = BenchLine.of("coppice_language", conditions)
                    .put("preset", preset.label())
                    .put("dtype", BenchLine.name(stored));
            return prefill(line, random.model(), batch, compute, conditions);
        }
    }

    private ObjectNode measureStored(@Nullable Integer batch, Compute compute, Conditions conditions) {
        Path folder = Objects.requireNonNull(this.folder, "neither a preset nor a model");
        Model model = ModelFamilies.read(folder, null);
        if (model instanceof SequenceClassifier classifier) {
            return classify(classifier, batch, compute, conditions);
        }
        AssembledModel read = (AssembledModel) model;
        if (dtype != null) {
            throw new UsageException("--dtype is how a preset's weights are stored; a model has its own");
        }
        ObjectNode line = BenchLine.of("coppice_language", conditions).put("model", folder.toString());
        if (task == null) {
            if (limit != null || data != null) {
                throw new UsageException("--limit and --data go with --task");
            }
            return prefill(line, read, batch, compute, conditions);
        }
        if (batch != null || length != null) {
            throw new UsageException("--batch and --length are for random sequences, a task has its own documents");
        }
        return task(line, folder, read, task, compute, conditions);
    }

    private ObjectNode prefill(
            ObjectNode line, AssembledModel model, @Nullable Integer batch, Compute compute, Conditions conditions) {
        LanguageBenchmark.Shape shape = shape(batch == null ? 1 : batch);
        Measurement measured = LanguageBenchmark.prefill(model, shape, compute, conditions);
        line.put("architecture", model.architecture())
                .put("parameters", model.parameters())
                .put("logits", "all");
        ObjectNode figures = line.putObject("prefill").putObject(shape.toString());
        figures.put(
                "tokens_per_s",
                BenchLine.rounded(shape.tokens() / measured.times().median()));
        BenchLine.addTimes(figures, measured.times());
        BenchLine.addRate(figures, measured);
        BenchLine.addSurroundings(line, compute, conditions, measured.tensorBytes());
        return line;
    }

    private LanguageBenchmark.Shape shape(int batch) {
        try {
            return new LanguageBenchmark.Shape(batch, length == null ? LENGTH : length);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private ObjectNode task(
            ObjectNode line, Path model, AssembledModel read, String name, Compute compute, Conditions conditions) {
        SortedMap<String, String> parameters = parameters();
        try {
            Tasks.protocol(name, parameters);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        LanguageBenchmark.TaskMeasurement measured =
                LanguageBenchmark.task(model, read, name, dataPath(), parameters, compute, conditions);
        Metrics metrics = measured.metrics();
        double seconds = measured.times().median();
        double computed = metrics.extra().getOrDefault(LanguageEvaluation.COMPUTED_TOKENS, Double.NaN);
        line.put("architecture", read.architecture()).put("parameters", read.parameters());
        ObjectNode figures = line.putObject("tasks").putObject(name);
        figures.put("documents", metrics.examples())
                .put("requests", measured.requests())
                .put("requests_per_s", BenchLine.rounded(measured.requests() / seconds))
                .put("documents_per_s", BenchLine.rounded(metrics.examples() / seconds))
                .put("score_s", BenchLine.rounded(measured.scoreSeconds()))
                .put("scored_documents_per_s", BenchLine.rounded(metrics.examples() / measured.scoreSeconds()))
                .put("tokens", metrics.tokens())
                .put("computed_tokens", (long) computed)
                .put("computed_share", BenchLine.rounded(computed / metrics.tokens()))
                .put("computed_tokens_per_s", BenchLine.rounded(computed / seconds));
        BenchLine.addTimes(figures, measured.times());
        BenchLine.addSurroundings(line, compute, conditions, measured.peakBytes());
        return line;
    }

    private String dataPath() {
        if (data != null) {
            return data;
        }
        String home = System.getProperty("coppice.home");
        if (home == null) {
            throw new UsageException("--task needs --data: the task's file or folder");
        }
        return Path.of(home, "data", "lm").toString();
    }
}
