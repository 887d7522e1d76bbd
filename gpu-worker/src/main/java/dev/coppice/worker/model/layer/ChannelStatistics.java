package dev.coppice.worker.model.layer;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Moments;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.model.LoadedClassifier;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.SequenceClassifier;
import java.util.Arrays;
import java.util.List;

/**
 * Mean and biased variance of each channel of an intermediate, over all sequences and steps.
 *
 * @param mean (H)
 * @param variance (H)
 */
public record ChannelStatistics(float[] mean, float[] variance) {

    /**
     * Runs {@code batches} and takes the statistics of the intermediate called {@code name}. The lanes of {@code compute}
     * share the batches; their number changes nothing.
     *
     * @param check called before a batch is run; what it throws ends the work
     * @throws IllegalArgumentException when there is no batch, or the model shows no intermediate of this name
     * @throws ArithmeticException when the intermediate has NaN or infinity in it
     */
    public static ChannelStatistics of(
            SequenceClassifier model, List<SequenceBatch> batches, String name, Compute compute, Runnable check) {
        if (batches.isEmpty()) {
            throw new IllegalArgumentException("statistics need at least one batch");
        }
        Moments[] moments = new Moments[batches.size()];
        try (Scope scope = compute.scope()) {
            LoadedClassifier loaded = model.on(compute);
            compute.parallel(moments.length, (piece, lane) -> {
                check.run();
                loaded.logits(lane, batches.get(piece), (seen, own, tensor) -> {
                    if (seen.equals(name)) {
                        moments[piece] = own.moments(tensor);
                    }
                });
            });
        }
        if (Arrays.asList(moments).contains(null)) {
            throw new IllegalArgumentException("the model shows no intermediate " + name);
        }
        return of(moments, name);
    }

    private static ChannelStatistics of(Moments[] moments, String name) {
        int channels = moments[0].sum().length;
        float[] mean = new float[channels];
        float[] variance = new float[channels];
        double rows = Arrays.stream(moments).mapToLong(Moments::rows).sum();
        for (int h = 0; h < channels; h++) {
            double sum = 0;
            double squares = 0;
            for (Moments part : moments) { // in the batches' order, whichever lane ran them
                sum += part.sum()[h];
                squares += part.sumOfSquares()[h];
            }
            double exactMean = sum / rows;
            mean[h] = (float) exactMean;
            variance[h] = (float) Math.max(0, squares / rows - exactMean * exactMean);
            if (!Float.isFinite(mean[h]) || !Float.isFinite(variance[h])) {
                throw new ArithmeticException(name + ", channel " + h + ": mean " + mean[h] + ", variance "
                        + variance[h] + ": the model's activations have overflowed");
            }
        }
        return new ChannelStatistics(mean, variance);
    }
}
