package dev.coppice.results.store;

import dev.coppice.results.FailureKind;
import dev.coppice.results.JobId;
import dev.coppice.results.Outcome;
import dev.coppice.results.Status;
import org.jspecify.annotations.Nullable;

/** The few columns of a row that tell how a job ended: all that is read of the others' file when a sweep resumes. */
record OutcomeColumns(
        String jobId, int attempt, String status, @Nullable String failureKind) {

    /**
     * The outcome they tell.
     *
     * @throws IllegalArgumentException when they are not from a result table
     */
    Outcome restore() {
        return new Outcome(
                new JobId(Columns.present(jobId, "job_id")),
                attempt,
                Status.valueOf(Columns.present(status, "status")),
                failureKind == null ? null : FailureKind.valueOf(failureKind));
    }
}
