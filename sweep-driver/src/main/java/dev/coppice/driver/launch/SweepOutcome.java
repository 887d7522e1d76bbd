package dev.coppice.driver.launch;

import org.jspecify.annotations.Nullable;

/**
 * How a run of a sweep ended.
 *
 * @param done jobs that ended with a successful row
 * @param failed jobs that ended with a failed row
 * @param end why it ended
 * @param trouble what stopped it, for {@link End#TROUBLE}
 */
public record SweepOutcome(
        int done, int failed, End end, @Nullable String trouble) {

    /** Why a run ended. */
    public enum End {
        /** Every job has a row. */
        COMPLETE,
        /** As many jobs failed as the user had set. */
        FAILURE_LIMIT,
        /** The user stopped it. */
        INTERRUPTED,
        /** Executors could not work or not write; rows that were written stay. */
        TROUBLE
    }
}
