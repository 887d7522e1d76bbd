package dev.coppice.worker.weights;

/** A checkpoint that is missing, corrupt or not what it should be. The message says what, where and what to do. */
public final class CheckpointException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** An error found in the checkpoint itself. */
    public CheckpointException(String message) {
        super(message);
    }

    /** An error of reading it. */
    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
