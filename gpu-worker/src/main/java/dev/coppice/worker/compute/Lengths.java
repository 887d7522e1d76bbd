package dev.coppice.worker.compute;

/** Checks of array lengths against the shapes they stand for. */
final class Lengths {

    private Lengths() {}

    static void check(String name, long length, long expected) {
        if (length != expected) {
            throw new IllegalArgumentException(name + " has " + length + " elements where its shape says " + expected);
        }
    }
}
