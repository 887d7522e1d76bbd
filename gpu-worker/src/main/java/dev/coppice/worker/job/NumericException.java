package dev.coppice.worker.job;

/** NaN or infinity where a number is needed. */
public final class NumericException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The message says where. */
    public NumericException(String message) {
        super(message);
    }
}
