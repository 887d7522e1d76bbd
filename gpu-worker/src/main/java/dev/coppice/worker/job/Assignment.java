package dev.coppice.worker.job;

import org.jspecify.annotations.Nullable;

/**
 * What Spark has given a job to run on.
 *
 * @param executor Spark's name of the executor; null outside Spark
 * @param gpu address of the GPU; null when it assigned none
 */
public record Assignment(
        @Nullable String executor, @Nullable String gpu) {

    /** Nothing: the job runs outside Spark. */
    public static final Assignment NONE = new Assignment(null, null);
}
