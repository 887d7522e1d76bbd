package dev.coppice.worker.compute;

/** Host or device memory is not enough for a tensor. */
public final class ComputeMemoryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** An error whose message says how much was asked for and how much there is. */
    public ComputeMemoryException(String message) {
        super(message);
    }
}
