package dev.coppice.worker.job;

import dev.coppice.results.Metrics;
import dev.coppice.results.Sample;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.model.LoadedClassifier;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.task.DataException;
import dev.coppice.worker.task.LabelledExample;
import java.util.ArrayList;
import java.util.List;

/**
 * Accuracy and loss of a classifier over labelled examples. Examples are cut into small batches that the lanes of a Compute
 * share; every example's result goes to a place of its own and is summed in the examples' order, so that the number of
 * lanes changes nothing.
 */
public final class ClassifierEvaluation {

    private final SequenceClassifier model;
    private final Compute compute;
    private final Deadline deadline;
    private final ExampleEncoder encoder;

    /** An evaluation of {@code model} on {@code compute}, which is asked to stop at {@code deadline}. */
    public ClassifierEvaluation(SequenceClassifier model, Compute compute, Deadline deadline) {
        this.model = model;
        this.compute = compute;
        this.deadline = deadline;
        encoder = new ExampleEncoder(model);
    }

    /**
     * Evaluates all examples.
     *
     * @throws DataException when a label is not one of the model's classes or an input does not fit the model
     * @throws NumericException when an output is NaN or infinite
     */
    public Evaluated run(List<LabelledExample> examples) {
        int perBatch = encoder.examplesPerBatch(compute);
        int batches = (examples.size() + perBatch - 1) / perBatch;
        Sample[] samples = new Sample[examples.size()];
        long[] steps = new long[batches];
        try (Scope scope = compute.scope()) {
            LoadedClassifier loaded = model.on(compute);
            compute.parallel(batches, (batch, lane) -> {
                deadline.check();
                int from = batch * perBatch;
                List<LabelledExample> own = examples.subList(from, Math.min(examples.size(), from + perBatch));
                steps[batch] = evaluate(loaded, lane, own, from, samples);
            });
        }
        return new Evaluated(metrics(samples, steps), List.of(samples));
    }

    /** Fills in the results of {@code examples} from index {@code from} on; returns their valid steps. */
    private long evaluate(
            LoadedClassifier loaded, Compute lane, List<LabelledExample> examples, int from, Sample[] samples) {
        SequenceBatch batch = encoder.encode(examples);
        float[] logProbs = lane.download(lane.logSoftmax(loaded.logits(lane, batch, Observer.NONE))); // (B, classes)
        int classes = model.classes();
        for (int i = 0; i < examples.size(); i++) {
            LabelledExample example = examples.get(i);
            if (example.label() < 0 || example.label() >= classes) {
                throw new DataException("example " + example.index() + " has the label " + example.label()
                        + "; the model has the classes 0 to " + (classes - 1));
            }
            int best = 0;
            List<Double> choices = new ArrayList<>(classes);
            for (int c = 0; c < classes; c++) {
                float logProb = logProbs[i * classes + c];
                if (!Float.isFinite(logProb)) {
                    throw new NumericException("the output of example " + example.index() + " for class " + c + " is "
                            + logProb + "; the first activations with NaN or infinity are in "
                            + firstOverflow(loaded, lane, example)
                            + ". A state may grow without bound: look at the model's eigenvalues and weights");
                }
                choices.add((double) logProb);
                best = logProb > logProbs[i * classes + best] ? c : best;
            }
            samples[from + i] = new Sample(
                    example.index(),
                    example.label(),
                    best,
                    best == example.label(),
                    null,
                    choices.get(example.label()),
                    choices,
                    1,
                    null,
                    null);
        }
        return batch.validSteps();
    }

    /** Runs the example again, watched, and names the first intermediate that is not finite. */
    private String firstOverflow(LoadedClassifier loaded, Compute lane, LabelledExample example) {
        List<String> overflowing = new ArrayList<>();
        loaded.logits(lane, encoder.encode(List.of(example)), (name, own, tensor) -> {
            for (float value : own.download(tensor)) {
                if (!Float.isFinite(value)) {
                    overflowing.add(name);
                    return;
                }
            }
        });
        return overflowing.isEmpty() ? "log_probs" : overflowing.get(0);
    }

    private static Metrics metrics(Sample[] samples, long[] steps) {
        long right = 0;
        double lossSum = 0;
        for (Sample sample : samples) {
            right += Boolean.TRUE.equals(sample.correct()) ? 1 : 0;
            lossSum -= sample.logLikelihood();
        }
        long tokens = 0;
        for (long batch : steps) {
            tokens += batch;
        }
        return Metrics.ofClassifier(right, lossSum / samples.length, samples.length, tokens);
    }
}
