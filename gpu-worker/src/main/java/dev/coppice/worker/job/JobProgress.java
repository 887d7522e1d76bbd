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
    private @Nullable Boolean modelLoaded;

    /** Does {@code work} in {@code phase}. */
    <T> T time(Phase phase, Supplier<T> work) {
        return stopwatch.time(phase, work);
    }

    /** The model is being read from its file: no job of the process has done so yet, or its cache has let it go. */
    void reading() {
        modelLoaded = true;
    }

    /** The model is there. */
    void read(String modelArchitecture) {
        architecture = modelArchitecture;
        modelLoaded = Boolean.TRUE.equals(modelLoaded);
    }

    /** The model has been pruned, or needed not to be. */
    void pruned(Achieved pruning) {
        achieved = pruning;
    }

    /** The model has been evaluated, in this much memory of its device. */
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

    /** Whether this job has read the model; null when none has come to its hands. */
    @Nullable
    Boolean modelLoaded() {
        return modelLoaded;
    }

    @Nullable
    Long peakBytes() {
        return peakBytes;
    }
}
