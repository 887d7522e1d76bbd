package dev.coppice.worker.compute;

import org.jspecify.annotations.Nullable;

/**
 * The part of a Mamba-1 recurrence that does not depend on the input. C channels, N states.
 *
 * @param a A = -exp(A_log), (C, N)
 * @param d D, (C)
 * @param dtBias (C) or null
 */
public record SelectiveParameters(
        Tensor a, Tensor d, @Nullable Tensor dtBias) {

    /** N. */
    public int states() {
        return a.columns();
    }
}
