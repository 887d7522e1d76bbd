package dev.coppice.worker.job;

/** A job that asks for what cannot be, such as a method on a model that it does not fit. */
public final class IllegalRequestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The message says what does not fit. */
    public IllegalRequestException(String message) {
        super(message);
    }
}
