package dev.coppice.worker.task;

/** Evaluation data that is missing or not as its layout says. The message says what, where and what to do. */
public final class DataException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** An error found in the data. */
    public DataException(String message) {
        super(message);
    }

    /** An error of reading it. */
    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
