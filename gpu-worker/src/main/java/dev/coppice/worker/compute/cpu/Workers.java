package dev.coppice.worker.compute.cpu;

/** Spreads the pieces of one operation over the threads of a compute; which thread runs which has no influence on results. */
@FunctionalInterface
interface Workers {

    /** Runs the pieces 0 to {@code pieces} - 1 and returns when all have ended. */
    void run(int pieces, Piece piece);

    /** A part of an operation, small enough that there are several and the same however many threads there are. */
    @FunctionalInterface
    interface Piece {

        /** Runs piece number {@code piece}; what it allocates from {@code scratch} is gone when it ends. */
        void run(int piece, CpuArena scratch);
    }

    /** Number of pieces of at most {@code size} that {@code count} things make. */
    static int pieces(int count, int size) {
        return (count + size - 1) / size;
    }
}
