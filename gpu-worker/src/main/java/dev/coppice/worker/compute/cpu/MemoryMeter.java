package dev.coppice.worker.compute.cpu;

/** Bytes that a compute and its lanes hold, and the most they ever held. */
final class MemoryMeter {

    private long held;
    private long peak;

    synchronized void take(long bytes) {
        held += bytes;
        peak = Math.max(peak, held);
    }

    synchronized void giveBack(long bytes) {
        held -= bytes;
    }

    synchronized long peak() {
        return peak;
    }
}
