package dev.coppice.worker.compute.cuda;

/**
 * A block of device memory.
 *
 * @param address on the device, a multiple of 256
 * @param bytes length
 */
record DeviceMemory(long address, long bytes) {

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
