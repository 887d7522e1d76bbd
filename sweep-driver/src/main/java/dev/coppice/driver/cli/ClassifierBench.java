package dev.coppice.driver.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.job.bench.ClassifierBenchmark;
import dev.coppice.worker.job.bench.Conditions;
import dev.coppice.worker.job.bench.LayerKind;
import dev.coppice.worker.job.bench.Measurement;
import dev.coppice.worker.job.bench.Preset;
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
        Measurement measured = result.evaluation();
        double sequencesPerSecond = settings.batch() / measured.times().median();
        ObjectNode line = BenchLine.of("coppice_" + BenchLine.name(layer), conditions)
                .put("preset", BenchLine.name(preset))
                .put("batch", settings.batch())
                .put(
                        layer == LayerKind.S5 ? "states_per_layer" : "states_per_channel",
                        (layer == LayerKind.S5 ? 1 : 2) * settings.states())
                .put("sequences_per_s", BenchLine.rounded(sequencesPerSecond))
                .put("tokens_per_s", BenchLine.rounded(preset.steps() * sequencesPerSecond));
        BenchLine.addRate(line, measured);
        BenchLine.addTimes(line.putObject("warm"), measured.times());
        ObjectNode forward = line.putObject("forward")
                .put(
                        "sequences_per_s",
                        BenchLine.rounded(settings.batch() / result.forward().median()));
        BenchLine.addTimes(forward, result.forward());
        BenchLine.addTimes(line.putObject("preparing"), result.preparing());
        line.putObject("options").put("kept_states", keptStates);
        BenchLine.addSurroundings(line, compute, conditions, measured.tensorBytes());
        return line;
    }

    private ClassifierBenchmark.Settings settings(Preset preset, int batch) {
        try {
            return new ClassifierBenchmark.Settings(preset, layer, batch, keptStates);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }
}
