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
 * Accuracy and loss of a classifier over labelled examples. Its layers are brought onto the device once and stay there until the
 * evaluation is closed, however often it runs. Examples are cut into small batches that the lanes of a Compute
 * share; every example's result goes to a place of its own and is summed in the examples' order, so that the number of
 * lanes changes nothing.
 */
public final class ClassifierEvaluation implements AutoCloseable {

    private final SequenceClassifier model;
    private final Compute compute;
    private final Deadline deadline;
    private final ExampleEncoder encoder;
    private final Scope scope;
    private final LoadedClassifier loaded;

    /**
     * An evaluation of {@code model} on {@code compute}, which is asked to stop at {@code deadline}. Scopes that are opened after it
     * close before it.
     */
    public ClassifierEvaluation(SequenceClassifier model, Compute compute, Deadline deadline) {
        this.model = model;
        this.compute = compute;
        this.deadline = deadline;
        encoder = new ExampleEncoder(model);
        scope = compute.scope();
        try {
            loaded = model.on(compute);
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /**
     * Evaluates all examples.
     *
     * @throws DataException when a label is not one of the model's classes or an input does not fit the model
     * @throws NumericException when an output is NaN or infinite
     */
    public Evaluated run(List<LabelledExample> examples) {
        List<List<LabelledExample>> batches = encoder.batches(examples, compute);
        Sample[] samples = new Sample[examples.size()];
        long[] steps = new long[batches.size()];
        compute.parallel(batches.size(), (batch, lane) -> {
            deadline.check();
            int from = batch * batches.get(0).size();
            steps[batch] = evaluate(lane, batches.get(batch), from, samples);
        });
        return new Evaluated(metrics(samples, steps), List.of(samples));
    }

    /**
     * The batches that {@link #run} cuts these examples into.
     *
     * @throws DataException when an input does not fit the model
     */
    public List<SequenceBatch> encoded(List<LabelledExample> examples) {
        return encoder.batches(examples, compute).stream().map(encoder::encode).toList();
    }

    /** Log-probabilities of the classes for each batch; (B, classes) each. */
    public List<float[]> forward(List<SequenceBatch> batches) {
        float[][] logProbs = new float[batches.size()][];
        compute.parallel(batches.size(), (batch, lane) -> logProbs[batch] = logProbs(lane, batches.get(batch)));
        return List.of(logProbs);
    }

    private float[] logProbs(Compute lane, SequenceBatch batch) {
        return lane.download(lane.logSoftmax(loaded.logits(lane, batch, Observer.NONE)));
    }

    /** Fills in the results of {@code examples} from index {@code from} on; returns their valid steps. */
    private long evaluate(Compute lane, List<LabelledExample> examples, int from, Sample[] samples) {
        SequenceBatch batch = encoder.encode(examples);
        float[] logProbs = logProbs(lane, batch); // (B, classes)
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
                            + firstOverflow(lane, example)
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
    private String firstOverflow(Compute lane, LabelledExample example) {
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

    /** Frees the layers. */
    @Override
    public void close() {
        scope.close();
    }
}
