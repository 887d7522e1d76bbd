package dev.coppice.worker.job.export;

/** What becomes of what is pruned. */
public enum Size {
    /** Zeros stand in its place; every tensor has the shape that it had. */
    SAME,
    /** It is left out. */
    SMALLER
}
