package dev.coppice.worker.model;

/** A model folder or config that cannot be used. The message says what, where and what to do. */
public final class ModelException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** A model that cannot be used. */
    public ModelException(String message) {
        super(message);
    }

    /** A model that cannot be read. */
    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
