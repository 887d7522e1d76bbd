package dev.coppice.worker.job.bench;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.job.Backends;
import dev.coppice.worker.job.ClassifierEvaluation;
import dev.coppice.worker.job.Deadline;
import dev.coppice.worker.model.DiagonalStates;
import dev.coppice.worker.model.KeptStates;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.model.StatePrunable;
import dev.coppice.worker.task.LabelledExample;
import java.time.Duration;
import java.util.List;

/**
 * How fast a job evaluates a classifier of a preset's shape: the same evaluation that jobs run, weights brought to the
 * device included, encoding of the inputs included.
 */
public final class ClassifierBenchmark {

    private ClassifierBenchmark() {}

    /**
     * What to measure.
     *
     * @param preset shape of the model
     * @param layer its sequence mixer
     * @param threads processor threads, at least 1
     * @param batch sequences of one repeat, at least 1
     * @param keptStates share of the states that stays, the others being removed; above 0 and up to 1
     * @param repeats timed repeats, at least 1
     * @param warmUp least time of untimed repeats before them, in which Java compiles the kernels
     * @param seed of weights and inputs
     */
    public record Settings(
            Preset preset,
            LayerKind layer,
            int threads,
            int batch,
            double keptStates,
            int repeats,
            Duration warmUp,
            long seed) {

        public Settings {
            if (threads < 1 || batch < 1 || repeats < 1) {
                throw new IllegalArgumentException(
                        "threads, batch and repeats are at least 1, not " + threads + ", " + batch + " and " + repeats);
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

    /** Measures {@code settings} on the cpu backend. */
    public static BenchmarkResult run(Settings settings) {
        Model full = settings.layer() == LayerKind.S5
                ? RandomS5.model(settings.preset(), settings.seed())
                : RandomS4d.model(settings.preset(), settings.seed());
        SequenceClassifier model = compacted((StatePrunable<?>) full, settings);
        List<LabelledExample> examples = RandomExamples.of(settings.preset(), settings.batch(), settings.seed() + 1);
        try (Compute compute = Backends.of("cpu").open("cpu", settings.threads(), Precision.FLOAT32)) {
            ClassifierEvaluation evaluation = new ClassifierEvaluation(model, compute, Deadline.in(null));
            Repeats times = Repeats.of(settings.repeats(), settings.warmUp(), () -> evaluation.run(examples));
            double flops = Work.flops(settings.preset(), settings.layer(), settings.states());
            double peak = MatrixPeak.gigaflops(compute, settings.threads(), settings.repeats());
            return new BenchmarkResult(settings, times, flops, peak, compute.peakBytes());
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
