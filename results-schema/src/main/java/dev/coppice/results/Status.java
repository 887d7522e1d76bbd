package dev.coppice.results;

/** How an attempt at a job ended. */
public enum Status {
    DONE,
    FAILED
}
