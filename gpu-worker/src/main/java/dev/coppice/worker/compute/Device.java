package dev.coppice.worker.compute;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Where a Compute runs.
 *
 * @param backend name of the backend: cpu, nd4j or cuda
 * @param address what a config or Spark calls it, such as "cpu" or "0"
 * @param name the hardware's name
 * @param memoryBytes memory that tensors may take; null when there is no limit of its own
 * @param driver driver version; null on the CPU
 */
public record Device(
        String backend,
        String address,
        String name,
        @Nullable Long memoryBytes,
        @Nullable String driver) implements Serializable {

    /** The same device to one that may take only so much of its memory. */
    public Device withMemory(long bytes) {
        return new Device(backend, address, name, bytes, driver);
    }

    /** What tables call it: the backend alone for the processor, else such as "cuda:0 NVIDIA A100-SXM4-40GB". */
    public String label() {
        return backend.equals(address) ? backend : backend + ":" + address + " " + name;
    }
}
