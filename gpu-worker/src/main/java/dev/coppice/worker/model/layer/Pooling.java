package dev.coppice.worker.model.layer;

/** How the steps of a sequence become one vector. */
public enum Pooling {
    /** Mean over the valid steps. */
    MEAN,
    /** The last step. */
    LAST
}
