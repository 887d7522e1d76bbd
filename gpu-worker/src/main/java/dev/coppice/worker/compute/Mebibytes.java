package dev.coppice.worker.compute;

/** Amounts of memory as messages say them. */
public final class Mebibytes {

    private Mebibytes() {}

    /** What is needed, rounded up. */
    public static String needed(long bytes) {
        return (bytes + (1 << 20) - 1 >> 20) + " MiB";
    }

    /** What there is, rounded down. */
    public static String available(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}
