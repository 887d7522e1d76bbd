package dev.coppice.worker.model.layer;

import dev.coppice.worker.compute.Affine;
import dev.coppice.worker.compute.Compute;

/**
 * Batch norm with running statistics (Ioffe and Szegedy 2015), which at evaluation is one factor and one shift a channel:
 * scale (x - mean) / sqrt(variance + epsilon) + bias.
 *
 * @param scale (H)
 * @param bias (H)
 * @param mean running mean; (H)
 * @param variance running variance; (H)
 * @param epsilon added to the variance
 */
public record BatchNorm(float[] scale, float[] bias, float[] mean, float[] variance, double epsilon) implements Norm {

    /** The same norm with other running statistics. */
    public BatchNorm with(ChannelStatistics statistics) {
        return new BatchNorm(scale, bias, statistics.mean(), statistics.variance(), epsilon);
    }

    @Override
    public LoadedLayer on(Compute compute) {
        int channels = scale.length;
        float[] factor = new float[channels]; // (H)
        float[] shift = new float[channels]; // (H)
        for (int h = 0; h < channels; h++) {
            double exactFactor = scale[h] / Math.sqrt(variance[h] + epsilon);
            factor[h] = (float) exactFactor;
            shift[h] = (float) (bias[h] - mean[h] * exactFactor);
        }
        return new LoadedAffine(new Affine(compute.tensor(factor, channels), compute.tensor(shift, channels)));
    }

    @Override
    public long parameters() {
        return 2L * scale.length;
    }

    @Override
    public long bytes() {
        return 16L * scale.length;
    }
}
