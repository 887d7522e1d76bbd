package dev.coppice.worker.task;

/** A task's parameter that the model cannot follow, such as more tokens than it has positions for. The message says what to change. */
public final class ParameterException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** An error of what the config asks for. */
    public ParameterException(String message) {
        super(message);
    }
}
