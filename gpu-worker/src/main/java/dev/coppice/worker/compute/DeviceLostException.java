package dev.coppice.worker.compute;

/**
 * The device no longer works for this process, such as after a fault in a kernel: every later operation on it fails too.
 * Whatever runs on it must end and start again in a new process.
 */
public final class DeviceLostException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** An error whose message names the device's own error and the operation that met it. */
    public DeviceLostException(String message) {
        super(message);
    }
}
