package dev.coppice.worker.compute;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How much of a device's memory a job may take: those that run on it at one time get equal parts.
 *
 * @param bytes that all of them may take together; null for all that there is
 * @param jobs that may run on the device at one time, at least 1
 */
public record MemoryShare(@Nullable Long bytes, int jobs) implements Serializable {

    private static final double USABLE = 0.94; // the rest is for contexts, kernels and the libraries' own

    /** All that there is, for one job. */
    public static final MemoryShare WHOLE = new MemoryShare(null, 1);

    public MemoryShare {
        if (jobs < 1 || bytes != null && bytes < 1) {
            throw new IllegalArgumentException("a part of " + bytes + " bytes for each of " + jobs + " jobs");
        }
    }

    /** The same memory among as many jobs. */
    public MemoryShare among(int others) {
        return new MemoryShare(bytes, others);
    }

    /** Bytes of a GPU's memory that all jobs together could take. */
    public static long usable(Device device) {
        Long memory = device.memoryBytes();
        return memory == null ? 0 : (long) (USABLE * memory);
    }

    /**
     * Bytes of a GPU's memory that a job may take.
     *
     * @throws IllegalStateException when all jobs together are to take more than they could
     */
    public long of(Device device) {
        return of(device, usable(device));
    }

    /**
     * Bytes that a job may take.
     *
     * @param device for the message
     * @param usable bytes of it that all jobs together could take
     * @throws IllegalStateException when they are to take more than that
     */
    public long of(Device device, long usable) {
        if (bytes != null && bytes > usable) {
            throw new IllegalStateException("worker.device-memory is " + Mebibytes.available(bytes) + ", and of "
                    + device.label() + " jobs can have " + Mebibytes.available(usable) + ": lower it, or take it out");
        }
        return (bytes == null ? usable : bytes) / jobs;
    }
}
