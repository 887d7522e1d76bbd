package dev.coppice.worker.compute;

/** What follows a causal convolution. */
public enum ConvActivation {
    /** Nothing: the discrete Mamba-2 mixers. */
    IDENTITY,
    /** x * sigmoid(x): Mamba-1 and Mamba-2. */
    SILU
}
