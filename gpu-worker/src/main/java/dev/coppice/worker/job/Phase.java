package dev.coppice.worker.job;

/** The parts of a job whose time is recorded. */
enum Phase {
    LOAD,
    SCORE,
    PRUNE,
    EVALUATE
}
