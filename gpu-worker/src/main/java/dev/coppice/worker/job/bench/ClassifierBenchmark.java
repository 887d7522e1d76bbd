package dev.coppice.worker.job.bench;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.input.DocumentPair;
import dev.coppice.worker.job.ClassifierEvaluation;
import dev.coppice.worker.job.Deadline;
import dev.coppice.worker.model.DiagonalStates;
import dev.coppice.worker.model.KeptStates;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.model.StatePrunable;
import dev.coppice.worker.task.LabelledExample;
import java.util.List;

/**
 * How fast a job evaluates a classifier: bringing its layers onto the device, the evaluation that jobs run on
 * them, encoding of the inputs included, and the forward pass of encoded inputs alone.
 */
public final class ClassifierBenchmark {

    private ClassifierBenchmark() {}

    /**
     * What to measure.
     *
     * @param preset shape of the model
     * @param layer its sequence mixer
     * @param batch sequences of one repeat, at least 1
     * @param keptStates share of the states that stays, the others being removed; above 0 and up to 1
     */
    public record Settings(Preset preset, LayerKind layer, int batch, double keptStates) {

        public Settings {
            if (batch < 1) {
                throw new IllegalArgumentException("a batch has at least 1 sequence, not " + batch);
            }
            if (!(keptStates > 0 && keptStates <= 1)) {
                throw new IllegalArgumentException(
                        "the share of kept states is above 0 and up to 1, not " + keptStates);
            }
        }

        /** States that stay in a layer (S5) or a channel (S4D), at least one. */
        public int states() {
            return (int) Math.ceil(preset.states(layer) * keptStates);
        }
    }

    /**
     * What was found, all for the examples of one repeat.
     *
     * @param evaluation of prepared layers
     * @param forward from encoded inputs on the host to log-probabilities on the host
     * @param preparing layers for the device
     */
    public record Result(Measurement evaluation, Repeats forward, Repeats preparing) {}

    /** Measures {@code settings} on {@code compute}; a repeat is the evaluation of one batch. */
    public static Result run(Settings settings, Compute compute, Conditions conditions) {
        Model full = settings.layer() == LayerKind.S5
                ? RandomS5.model(settings.preset(), conditions.seed())
                : RandomS4d.model(settings.preset(), conditions.seed());
        SequenceClassifier model = compacted((StatePrunable<?>) full, settings);
        return run(
                model,
                RandomExamples.of(settings.preset(), settings.batch(), conditions.seed() + 1),
                compute,
                conditions);
    }

    /** Measures {@code model} on {@code compute}; a repeat is the evaluation of all examples. */
    public static Result run(
            SequenceClassifier model, List<LabelledExample> examples, Compute compute, Conditions conditions) {
        Repeats evaluating;
        Repeats forward;
        try (ClassifierEvaluation evaluation = new ClassifierEvaluation(model, compute, Deadline.in(null))) {
            evaluating = conditions.measure(() -> evaluation.run(examples));
            List<SequenceBatch> batches = evaluation.encoded(examples);
            forward = conditions.measure(() -> evaluation.forward(batches));
        }
        double flops = sequences(examples) * Work.flops(model);
        long bytes = compute.peakBytes();
        Repeats preparing = conditions.measure(() -> prepare(model, compute));
        double peak = MatrixPeak.gigaflops(compute, conditions.threads());
        return new Result(new Measurement(evaluating, flops, peak, bytes), forward, preparing);
    }

    /** A pair of documents is two sequences. */
    private static long sequences(List<LabelledExample> examples) {
        return examples.stream()
                .mapToLong(example -> example.input() instanceof DocumentPair ? 2 : 1)
                .sum();
    }

    /** Waits for a number behind the layers, so that these have arrived. */
    private static void prepare(SequenceClassifier model, Compute compute) {
        try (Scope scope = compute.scope()) {
            model.on(compute);
            compute.download(compute.tensor(new float[1], 1));
        }
    }

    /** Keeps the first states of each layer or channel; which ones stay is of no matter for the speed. */
    private static SequenceClassifier compacted(StatePrunable<?> model, Settings settings) {
        List<boolean[]> layers = model.states().stream()
                .map(states -> first(states, settings.states()))
                .toList();
        return (SequenceClassifier) model.compacted(new KeptStates(layers));
    }

    private static boolean[] first(DiagonalStates states, int kept) {
        boolean[] keep = new boolean[states.count()];
        int perChannel = states.count() / states.channels();
        for (int i = 0; i < keep.length; i++) {
            keep[i] = i % perChannel < kept;
        }
        return keep;
    }
}
