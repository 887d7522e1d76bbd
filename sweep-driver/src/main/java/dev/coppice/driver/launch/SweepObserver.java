package dev.coppice.driver.launch;

import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.spark.TaskReport;

/** Hears of jobs as they start and end, from any thread. */
public interface SweepObserver {

    /** A job has started on an executor. */
    void started(JobTicket job);

    /** Something that the user should know has happened, and the sweep goes on. */
    void notice(String message);

    /** A job has its row. */
    void ended(JobTicket job, TaskReport report);
}
