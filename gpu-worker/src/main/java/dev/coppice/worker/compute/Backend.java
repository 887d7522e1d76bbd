package dev.coppice.worker.compute;

import java.util.List;

/** A way to run the operations: its devices, and a Compute on one of them. */
public interface Backend {

    /** Name in configs: cpu, nd4j or cuda. */
    String name();

    /** The devices it can use here, best first; empty when there are none. */
    List<Device> devices();

    /**
     * A Compute on the device with this address. A device that was asked for is never replaced by another.
     *
     * @param address as in {@link Device#address()}
     * @param threads processor threads that the Compute may keep busy, at least 1
     * @throws IllegalStateException when the device or something it needs is not there; the message says what to do
     */
    Compute open(String address, int threads);
}
