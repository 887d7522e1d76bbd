package dev.coppice.driver.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.job.bench.ClassifierBenchmark;
import dev.coppice.worker.job.bench.Conditions;
import dev.coppice.worker.job.bench.LayerKind;
import dev.coppice.worker.job.bench.Measurement;
import dev.coppice.worker.job.bench.Preset;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.Tasks;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The part of {@code coppice bench} that measures classifiers, with its options. */
final class ClassifierBench {

    private static final int BATCH = 50;

    @Option(names = "--layer", description = "Kind of a classifier's layers: ${COMPLETION-CANDIDATES}. Default: S5.")
    private LayerKind layer = LayerKind.S5;

    @Option(
            names = "--kept-states",
            paramLabel = "F",
            description = "Share of the states that stays; the others are removed. Default: 1.")
    private double keptStates = 1;

    /**
     * Measures a preset.
     *
     * @param batch sequences; null for the default
     */
    ObjectNode measure(Preset preset, @Nullable Integer batch, Compute compute, Conditions conditions) {
        ClassifierBenchmark.Settings settings = settings(preset, batch == null ? BATCH : batch);
        ClassifierBenchmark.Result result = ClassifierBenchmark.run(settings, compute, conditions);
        ObjectNode line = BenchLine.of("coppice_" + BenchLine.name(layer), conditions)
                .put("preset", BenchLine.name(preset))
                .put("batch", settings.batch())
                .put(
                        layer == LayerKind.S5 ? "states_per_layer" : "states_per_channel",
                        (layer == LayerKind.S5 ? 1 : 2) * settings.states());
        line.putObject("options").put("kept_states", keptStates);
        add(line, result, settings.batch(), preset.steps());
        BenchLine.addSurroundings(line, compute, conditions, result.evaluation().tensorBytes());
        return line;
    }

    /**
     * Measures a stored model on the examples of a task.
     *
     * @param folder of the model
     * @param data the task's file or folder
     * @param parameters of the task
     */
    static ObjectNode measure(
            String folder,
            SequenceClassifier model,
            String task,
            String data,
            SortedMap<String, String> parameters,
            Compute compute,
            Conditions conditions) {
        String refusal;
        try {
            refusal = model.config().refusal(Tasks.definition(task).inputs());
        } catch (IllegalArgumentException e) {
            refusal = e.getMessage();
        }
        if (refusal != null) {
            throw new UsageException("--task " + task + ": " + refusal);
        }
        List<LabelledExample> examples;
        try (Stream<LabelledExample> all =
                Tasks.classification(task, data, parameters).examples()) {
            examples = all.toList();
        }
        ObjectNode line = BenchLine.of("coppice_" + model.architecture(), conditions)
                .put("model", folder)
                .put("parameters", model.parameters())
                .put("task", task)
                .put("batch", examples.size());
        ClassifierBenchmark.Result result = ClassifierBenchmark.run(model, examples, compute, conditions);
        add(line, result, examples.size(), model.sequenceLength());
        BenchLine.addSurroundings(line, compute, conditions, result.evaluation().tensorBytes());
        return line;
    }

    /** Adds what was found for some sequences of this many steps. */
    private static void add(ObjectNode line, ClassifierBenchmark.Result result, int sequences, int steps) {
        Measurement measured = result.evaluation();
        double sequencesPerSecond = sequences / measured.times().median();
        line.put("sequences_per_s", BenchLine.rounded(sequencesPerSecond))
                .put("tokens_per_s", BenchLine.rounded(steps * sequencesPerSecond));
        BenchLine.addRate(line, measured);
        BenchLine.addTimes(line.putObject("warm"), measured.times());
        ObjectNode forward = line.putObject("forward")
                .put(
                        "sequences_per_s",
                        BenchLine.rounded(sequences / result.forward().median()));
        BenchLine.addTimes(forward, result.forward());
        BenchLine.addTimes(line.putObject("preparing"), result.preparing());
    }

    private ClassifierBenchmark.Settings settings(Preset preset, int batch) {
        try {
            return new ClassifierBenchmark.Settings(preset, layer, batch, keptStates);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }
}
