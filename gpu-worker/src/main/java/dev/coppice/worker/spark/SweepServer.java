package dev.coppice.worker.spark;

import dev.coppice.worker.job.JobTicket;

/** What the driver answers its executors. Called by one thread at a time. */
public interface SweepServer {

    /**
     * The job that a task is to run; the same one whenever its task is tried again.
     *
     * @throws IllegalStateException when the task belongs to a part of the sweep that has ended
     */
    JobTicket job(JobRequest request);

    /** An executor says how it is. */
    void heard(ExecutorReport report);
}
