package dev.coppice.worker.job;

import dev.coppice.results.Achieved;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is known of a job so far; a failed row tells as much. */
final class JobProgress {

    private final Stopwatch stopwatch = new Stopwatch();
    private @Nullable String architecture;
    private @Nullable Achieved achieved;
    private @Nullable Long peakBytes;

    /** Does {@code work} in {@code phase}. */
    <T> T time(Phase phase, Supplier<T> work) {
        return stopwatch.time(phase, work);
    }

    /** The model has been read. */
    void read(String modelArchitecture) {
        architecture = modelArchitecture;
    }

    /** The model has been pruned, or needed not to be. */
    void pruned(Achieved pruning) {
        achieved = pruning;
    }

    /** The model has been evaluated, in this much device memory. */
    void evaluated(long bytes) {
        peakBytes = bytes;
    }

    Stopwatch stopwatch() {
        return stopwatch;
    }

    @Nullable
    String architecture() {
        return architecture;
    }

    @Nullable
    Achieved achieved() {
        return achieved;
    }

    @Nullable
    Long peakBytes() {
        return peakBytes;
    }
}
