package dev.coppice.worker.model.layer;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Tensor;

/**
 * Layer norm over the channels of each step (Ba et al. 2016), with biased variance.
 *
 * @param scale (H)
 * @param bias (H)
 * @param epsilon added to the variance
 */
public record LayerNorm(float[] scale, float[] bias, double epsilon) implements Norm {

    @Override
    public LoadedLayer on(Compute compute) {
        Tensor scaleThere = compute.tensor(scale, scale.length);
        Tensor biasThere = compute.tensor(bias, bias.length);
        return (lane, x) -> lane.layerNorm(x, scaleThere, biasThere, epsilon);
    }

    @Override
    public long parameters() {
        return 2L * scale.length;
    }

    @Override
    public long bytes() {
        return 8L * scale.length;
    }
}
