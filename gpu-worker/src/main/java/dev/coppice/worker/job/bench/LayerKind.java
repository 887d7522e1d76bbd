package dev.coppice.worker.job.bench;

/** Which sequence mixer a benchmark's layers have. */
public enum LayerKind {
    S5,
    S4D
}
