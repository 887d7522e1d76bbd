package dev.coppice.worker.compute;

/** A piece of work that {@link Compute#parallel} runs on a lane. */
@FunctionalInterface
public interface LaneTask {

    /** Runs piece number {@code piece} with the operations of {@code lane}. */
    void run(int piece, Compute lane);
}
