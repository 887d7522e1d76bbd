package dev.coppice.worker.compute;

import org.jspecify.annotations.Nullable;

/**
 * What a depthwise causal convolution of C channels does, whatever goes into it.
 *
 * @param weight (C, K)
 * @param bias (C) or null
 * @param activation of its sums
 */
public record ConvFilter(Tensor weight, @Nullable Tensor bias, ConvActivation activation) {

    /** K. */
    public int width() {
        return weight.columns();
    }
}
