package dev.coppice.driver.report;

import dev.coppice.results.Coordinates;
import dev.coppice.results.JobSpec;
import dev.coppice.results.PlannedJob;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Status;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A job as a table sees it.
 *
 * @param taskParams the task's parameters; empty without a plan
 * @param methodParams the method's parameters and its calibration; empty without a plan
 * @param row its effective row; null when there is none yet
 */
record ReportedJob(
        Coordinates at,
        SortedMap<String, String> taskParams,
        SortedMap<String, String> methodParams,
        @Nullable ResultRow row) {

    static ReportedJob of(PlannedJob job, @Nullable ResultRow row) {
        JobSpec spec = job.spec();
        SortedMap<String, String> methodParams = new TreeMap<>(spec.methodParams());
        spec.calibration().forEach((key, value) -> methodParams.put("calibration." + key, value));
        return new ReportedJob(job.coordinates(), spec.taskParams(), methodParams, row);
    }

    static ReportedJob of(ResultRow row) {
        return new ReportedJob(row.coordinates(), Collections.emptySortedMap(), Collections.emptySortedMap(), row);
    }

    boolean isDense() {
        return at.method().equals(JobSpec.DENSE);
    }

    boolean isDone() {
        return row != null && row.status() == Status.DONE;
    }
}
