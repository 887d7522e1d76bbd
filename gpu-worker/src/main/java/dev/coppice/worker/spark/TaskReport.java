package dev.coppice.worker.spark;

import dev.coppice.results.Failure;
import dev.coppice.results.JobId;
import dev.coppice.results.ResultRow;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What an executor tells the driver about a job: the row itself is in the store by then.
 *
 * @param jobId the job
 * @param failure why its row is a failed one; null when it is done
 * @param trouble why there is no row: the executor cannot work or cannot write. It concerns the sweep, not the job; null
 *     when there is a row
 */
public record TaskReport(
        JobId jobId, @Nullable Failure failure, @Nullable String trouble) implements Serializable {

    /** The report of a job whose row is in the store. */
    static TaskReport of(ResultRow row) {
        return new TaskReport(row.jobId(), row.failure(), null);
    }
}
