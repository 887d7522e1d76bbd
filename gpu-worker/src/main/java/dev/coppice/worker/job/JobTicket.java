package dev.coppice.worker.job;

import dev.coppice.results.JobSpec;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A job as it is sent to an executor: its identity and what is not part of it.
 *
 * @param spec the cell of the grid
 * @param sweep name of the sweep
 * @param attempt number of this attempt, from 1
 * @param modelPath folder of the model
 * @param weightsFile which weight file of the folder; null for the order of recognition
 * @param dataPath file or folder of the task's data
 * @param calibrationPath file or folder of the calibration data; null for a job without any
 * @param timeLimit longest time the job may run; null without a limit
 */
public record JobTicket(
        JobSpec spec,
        String sweep,
        int attempt,
        String modelPath,
        @Nullable String weightsFile,
        String dataPath,
        @Nullable String calibrationPath,
        @Nullable Duration timeLimit)
        implements Serializable {

    /** The same job, tried for the {@code number}th time. */
    public JobTicket withAttempt(int number) {
        return new JobTicket(spec, sweep, number, modelPath, weightsFile, dataPath, calibrationPath, timeLimit);
    }
}
