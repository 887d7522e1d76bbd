package dev.coppice.worker.model.layer;

/** Which norm a block uses. */
public enum NormKind {
    /** Batch norm with running statistics. */
    BATCH,
    /** Layer norm over the channels. */
    LAYER
}
