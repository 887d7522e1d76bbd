package dev.coppice.worker.spark;

/** Spark is set up in a way that no job of the sweep can run, or an executor lacks something that jobs need. */
public final class UnfitException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The message says what is missing and what to do. */
    public UnfitException(String message) {
        super(message);
    }
}
