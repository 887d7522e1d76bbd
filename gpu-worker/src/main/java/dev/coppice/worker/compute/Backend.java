package dev.coppice.worker.compute;

import java.util.List;
import java.util.Set;

/** A way to run the operations: its devices, and a Compute on one of them. */
public interface Backend {

    /** Name in configs: cpu, nd4j or cuda. */
    String name();

    /**
     * Whether its devices are GPUs, which Spark assigns to tasks by address; known without a device.
     */
    boolean usesGpus();

    /** The devices it can use here, best first; empty when there are none. */
    List<Device> devices();

    /** Arithmetics of its {@link LanguageOps}; known without a device. */
    Set<Precision> precisions();

    /** Arithmetics of its other operations, which classifiers are made of; known without a device. */
    default Set<Precision> classifierPrecisions() {
        return Set.of(Precision.FLOAT32);
    }

    /**
     * A Compute on the device with this address. A device that was asked for is never replaced by another.
     *
     * @param address as in {@link Device#address()}
     * @param threads processor threads that the Compute may keep busy, at least 1
     * @param precision its arithmetic, one of {@link #precisions}
     * @throws IllegalStateException when the device or something it needs is not there, or cannot compute in
     *     {@code precision}; the message says what to do
     */
    Compute open(String address, int threads, Precision precision);

    /**
     * As {@link #open(String, int, Precision)}, on a part of the device's memory, which the Compute's {@link Compute#device} then
     * tells. Without meaning for a backend whose devices have no memory of their own.
     */
    default Compute open(String address, MemoryShare share, int threads, Precision precision) {
        return open(address, threads, precision);
    }
}
