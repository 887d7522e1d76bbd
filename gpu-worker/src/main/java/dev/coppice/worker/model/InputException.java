package dev.coppice.worker.model;

/** An input that does not fit the model: its kind, length or symbols. The message says what and what is expected. */
public final class InputException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** An input that does not fit. */
    public InputException(String message) {
        super(message);
    }
}
