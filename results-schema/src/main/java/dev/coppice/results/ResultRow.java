package dev.coppice.results;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one job.
 *
 * @param sweep name of the sweep
 * @param attempt number of the attempt, from 1
 * @param failure why it failed; null when it is done
 * @param achieved what pruning did; null when the job failed before that
 * @param metrics what evaluation measured; null when the job failed
 */
public record ResultRow(
        String sweep,
        JobId jobId,
        int attempt,
        Status status,
        @Nullable Failure failure,
        Coordinates coordinates,
        @Nullable Achieved achieved,
        @Nullable Metrics metrics,
        Cost cost,
        Provenance provenance)
        implements Serializable {

    public ResultRow {
        if ((status == Status.FAILED) != (failure != null)) {
            throw new IllegalArgumentException("a failed row has a failure, a done row has none");
        }
        if (status == Status.DONE && (metrics == null || achieved == null)) {
            throw new IllegalArgumentException("a done row has metrics and achieved sizes");
        }
        if (attempt < 1) {
            throw new IllegalArgumentException("attempts count from 1, not " + attempt);
        }
    }

    /** How this attempt ended. */
    public Outcome outcome() {
        return new Outcome(jobId, attempt, status, failure == null ? null : failure.kind());
    }
}
