package dev.coppice.worker.model.layer;

/** How a continuous system becomes a discrete one. */
public enum Discretization {
    /** Input held constant over a step. */
    ZOH,
    /** Bilinear (Tustin) transform. */
    BILINEAR
}
