package dev.coppice.worker.model.layer;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Tensor;

/**
 * A dense layer, x W' + bias.
 *
 * @param weight W; (out, in)
 * @param bias (out)
 */
public record Linear(float[] weight, float[] bias) {

    public Linear {
        if (bias.length == 0 || weight.length % bias.length != 0) {
            throw new IllegalArgumentException(
                    "a weight of " + weight.length + " elements does not go with a bias of " + bias.length);
        }
    }

    /** Brings the weights onto {@code compute}, into its innermost open scope. */
    public LoadedLayer on(Compute compute) {
        Tensor weightThere = compute.tensor(weight, bias.length, weight.length / bias.length);
        Tensor biasThere = compute.tensor(bias, bias.length);
        return (lane, x) -> lane.linear(x, weightThere, biasThere);
    }

    /** Trained parameters. */
    public long parameters() {
        return (long) weight.length + bias.length;
    }

    /** Host memory of the weights, in bytes. */
    public long bytes() {
        return 4 * parameters();
    }
}
