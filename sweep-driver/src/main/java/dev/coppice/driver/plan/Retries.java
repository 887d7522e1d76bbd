package dev.coppice.driver.plan;

import dev.coppice.results.FailureKind;
import dev.coppice.results.Outcome;

/** Which failed jobs run again. */
public enum Retries {
    /** None: they have just run. */
    NONE,
    /** Those whose executor was lost; others would fail the same way. */
    LOST,
    /** All. */
    ALL;

    /** Whether a job whose last attempt failed like this runs again. */
    boolean again(Outcome failed) {
        return this == ALL || (this == LOST && failed.failureKind() == FailureKind.LOST);
    }
}
