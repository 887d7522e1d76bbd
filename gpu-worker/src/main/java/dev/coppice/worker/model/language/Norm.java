package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Tensor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A norm over the channels of each token: RMS norm without a bias, layer norm with one.
 *
 * @param scale (D)
 * @param bias (D) or null
 */
public record Norm(float[] scale, float @Nullable [] bias, double epsilon) {

    /** The norm on a device, as a function of x (R, D). */
    public UnaryOperator<Tensor> on(Compute compute) {
        Tensor factors = compute.tensor(scale, scale.length);
        if (bias == null) {
            return x -> compute.language().rmsNorm(x, factors, epsilon);
        }
        Tensor shift = compute.tensor(bias, bias.length);
        return x -> compute.layerNorm(x, factors, shift, epsilon);
    }

    long parameters() {
        return bias == null ? scale.length : 2L * scale.length;
    }
}
