package dev.coppice.worker.spark;

import dev.coppice.results.JobId;
import dev.coppice.results.ResultRow;
import dev.coppice.results.store.ResultStore;
import dev.coppice.results.store.StoreException;
import dev.coppice.worker.compute.DeviceLostException;
import dev.coppice.worker.job.Assignment;
import dev.coppice.worker.job.JobResult;
import dev.coppice.worker.job.JobTicket;
import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/**
 * The function that Spark runs for each task, which is one job: ask the driver which, run it, write its row, report. The row
 * is in the store before the driver hears of it, so that nothing finished is lost with either of them.
 */
public final class SweepTask extends AbstractFunction1<Iterator<Integer>, TaskReport> implements Serializable {

    private static final long serialVersionUID = 1;

    private final int sparkJob;
    private final String output;

    /**
     * A task of a sweep.
     *
     * @param sparkJob number of the Spark job within the sweep
     * @param output the store's location, a path or URI that every executor reaches
     */
    public SweepTask(int sparkJob, String output) {
        this.sparkJob = sparkJob;
        this.output = output;
    }

    @Override
    public TaskReport apply(Iterator<Integer> partition) {
        ExecutorSide executor = ExecutorSide.current();
        JobTicket ticket = executor.job(sparkJob, partition.next());
        try {
            return run(ticket, executor);
        } catch (StoreException e) {
            return new TaskReport(ticket.spec().id(), null, String.valueOf(e.getMessage()));
        }
    }

    private TaskReport run(JobTicket ticket, ExecutorSide executor) {
        JobId job = ticket.spec().id();
        ResultStore store = executor.store(output);
        TaskReport earlier = earlier(TaskContext.get().attemptNumber(), store, ticket);
        if (earlier != null) {
            return earlier;
        }
        Assignment assignment = assignment(executor);
        try {
            JobResult result = executor.runner().run(ticket, assignment);
            ResultRow row = result.row();
            if (executor.settings().samples() && row.failure() == null) {
                store.writeSamples(ticket.sweep(), job, ticket.attempt(), result.samples());
            }
            store.writeRow(row);
            return TaskReport.of(row);
        } catch (DeviceLostException e) {
            return onBrokenDevice(ticket, assignment, executor, e);
        } catch (IllegalStateException e) { // the device that Spark assigned is not there
            return new TaskReport(job, null, String.valueOf(e.getMessage()));
        }
    }

    /**
     * The report of a row that an executor has written and was lost before it could say so; null when the job is still to run.
     *
     * @param tries of the task before this one
     */
    static @Nullable TaskReport earlier(int tries, ResultStore store, JobTicket ticket) {
        ResultRow row =
                tries == 0 ? null : store.row(ticket.sweep(), ticket.spec().id(), ticket.attempt());
        return row == null ? null : TaskReport.of(row);
    }

    private static Assignment assignment(ExecutorSide executor) {
        ResourceInformation gpu = TaskContext.get().resourcesJMap().get(ExecutorSide.GPU);
        return new Assignment(executor.name(), gpu == null ? null : gpu.addresses()[0]);
    }

    /** The job runs once more on another executor; if that one's device breaks too, it has cost enough of them. */
    private TaskReport onBrokenDevice(
            JobTicket ticket, Assignment assignment, ExecutorSide executor, DeviceLostException e) {
        JobId job = ticket.spec().id();
        if (executor.isDriver()) {
            return new TaskReport(job, null, e.getMessage() + ". A new process may use it again");
        }
        executor.deviceBroke(String.valueOf(e.getMessage()));
        if (TaskContext.get().attemptNumber() == 0) {
            throw e;
        }
        ResultRow row = executor.runner().lost(ticket, assignment, e);
        executor.store(output).writeRow(row);
        return TaskReport.of(row);
    }
}
