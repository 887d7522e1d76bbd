package dev.coppice.worker.spark;

import dev.coppice.results.JobId;
import dev.coppice.results.ResultRow;
import dev.coppice.results.store.ResultStore;
import dev.coppice.results.store.StoreException;
import dev.coppice.worker.job.JobResult;
import dev.coppice.worker.job.JobRunner;
import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.job.WorkerSettings;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/**
 * The function that Spark runs on each partition, which holds one job: run it, write its row, report. The row is in the
 * store before the driver hears of it, so that nothing finished is lost with either of them.
 */
public final class SweepTask extends AbstractFunction1<Iterator<JobTicket>, TaskReport> implements Serializable {

    private static final long serialVersionUID = 1;

    private final WorkerSettings settings;
    private final String output;

    /**
     * A task of a sweep.
     *
     * @param output the store's location, a path or URI that every executor reaches
     */
    public SweepTask(WorkerSettings settings, String output) {
        this.settings = settings;
        this.output = output;
    }

    @Override
    public TaskReport apply(Iterator<JobTicket> partition) {
        JobTicket ticket = partition.next();
        JobId job = ticket.spec().id();
        JobRunner runner;
        try {
            runner = Executor.runner(settings);
        } catch (IllegalStateException e) {
            return new TaskReport(job, null, String.valueOf(e.getMessage()));
        }
        try {
            ResultStore store = Executor.store(output);
            if (TaskContext.get().attemptNumber() > 0 && store.hasRow(ticket.sweep(), job, ticket.attempt())) {
                return new TaskReport(job, null, null); // written by an executor that was lost before it could say so
            }
            JobResult result = runner.run(ticket);
            ResultRow row = result.row();
            if (settings.samples() && row.failure() == null) {
                store.writeSamples(ticket.sweep(), job, ticket.attempt(), result.samples());
            }
            store.writeRow(row);
            return new TaskReport(job, row.failure(), null);
        } catch (StoreException e) {
            return new TaskReport(job, null, String.valueOf(e.getMessage()));
        }
    }

    /** What the tasks of an executor share: the process is an executor's, so is its static state. */
    private static final class Executor {

        private static final Map<WorkerSettings, JobRunner> RUNNERS = new ConcurrentHashMap<>();
        private static final Map<String, ResultStore> STORES = new ConcurrentHashMap<>();

        static JobRunner runner(WorkerSettings settings) {
            return RUNNERS.computeIfAbsent(
                    settings,
                    own -> new JobRunner(own, Map.of("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION())));
        }

        static ResultStore store(String output) {
            return STORES.computeIfAbsent(output, ResultStore::at);
        }
    }
}
