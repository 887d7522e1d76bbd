package dev.coppice.driver.launch;

import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.spark.TaskReport;

/** Hears of jobs as they start and end, from one thread at a time. */
public interface SweepObserver {

    /** A job has started on an executor. */
    void started(JobTicket job);

    /** A job has its row. */
    void ended(JobTicket job, TaskReport report);
}
