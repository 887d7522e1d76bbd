package dev.coppice.results;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt at a job ended: all that resuming a sweep needs to know of a row.
 *
 * @param attempt number of the attempt, from 1
 * @param failureKind why it failed; null when it is done
 */
public record Outcome(
        JobId jobId, int attempt, Status status, @Nullable FailureKind failureKind) implements Serializable {

    /**
     * Whether this attempt speaks for the job when {@code other} did so far: the latest successful attempt does, and
     * where none was successful, the latest.
     */
    public boolean supersedes(Outcome other) {
        if (status != other.status) {
            return status == Status.DONE;
        }
        return attempt > other.attempt;
    }
}
