package dev.coppice.worker.model.layer;

import dev.coppice.worker.compute.Compute;

/** A norm over H channels with its weights on the host. */
public sealed interface Norm permits BatchNorm, LayerNorm {

    /** Brings the weights onto {@code compute}, into its innermost open scope. */
    LoadedLayer on(Compute compute);

    /** Trained parameters; running statistics are none. */
    long parameters();

    /** Host memory of the weights, in bytes. */
    long bytes();
}
