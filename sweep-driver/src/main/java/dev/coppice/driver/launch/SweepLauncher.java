package dev.coppice.driver.launch;

import dev.coppice.driver.config.SweepSettings;
import dev.coppice.driver.plan.SweepPlan;
import dev.coppice.results.Coordinates;
import dev.coppice.results.Failure;
import dev.coppice.results.FailureKind;
import dev.coppice.results.JobId;
import dev.coppice.results.PlannedJob;
import dev.coppice.results.store.ResultStore;
import dev.coppice.worker.job.Backends;
import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.job.LostJob;
import dev.coppice.worker.job.ModelMemory;
import dev.coppice.worker.spark.DriverSide;
import dev.coppice.worker.spark.SweepTask;
import dev.coppice.worker.spark.TaskReport;
import dev.coppice.worker.spark.UnfitException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.jspecify.annotations.Nullable;

/**
 * Runs the jobs of a plan as Spark tasks, one a job. Jobs' own failures come back as reports; only a job whose executor was
 * lost time and again ends Spark's part, and then the driver writes its row and goes on with the others.
 */
public final class SweepLauncher {

    private static final String LOST =
            "its executor was lost each time it ran; the executors' logs say why (out of memory is the usual reason)";

    private final SweepSettings settings;
    private final ResultStore store;
    private final FailureLimit limit;
    private final SweepObserver observer;
    private final StopSwitch stop = new StopSwitch();
    private final ExecutorWatch watch;
    private final Dispatcher dispatcher;
    private final Set<JobId> reported = new HashSet<>();
    private int done;
    private int failed;

    /** A launcher whose progress {@code observer} sees. */
    public SweepLauncher(SweepSettings settings, ResultStore store, FailureLimit limit, SweepObserver observer) {
        this.settings = settings;
        this.store = store;
        this.limit = limit;
        this.observer = observer;
        watch = new ExecutorWatch(stop, observer);
        dispatcher = new Dispatcher(watch, observer);
    }

    /**
     * Runs the plan's jobs, then those of the plans that follow from their results, and returns when none is running any more.
     *
     * @param next plans the next round when all jobs of one have ended; without jobs it was the last
     * @param onInterrupt runs after a sweep that Ctrl-C has stopped, when its jobs have ended and the process is going down
     */
    public SweepOutcome run(SweepPlan plan, Supplier<SweepPlan> next, Runnable onInterrupt) {
        DriverSide.serve(dispatcher);
        SparkContext context;
        try {
            context = SparkLauncher.start(settings.name(), settings.spark(), settings.worker(), largest(plan));
        } catch (UnfitException e) {
            stop.trouble(String.valueOf(e.getMessage()));
            return outcome();
        }
        context.addSparkListener(dispatcher);
        try (InterruptHook hook = new InterruptHook(() -> stop.stop(SweepOutcome.End.INTERRUPTED), onInterrupt)) {
            return run(plan, next, context);
        }
    }

    /** What must fit a device that has memory of its own; null for the processor. */
    private @Nullable ModelMemory largest(SweepPlan plan) {
        return Backends.of(settings.worker().backend()).usesGpus() ? ModelMemory.largest(plan.jobs()) : null;
    }

    private SweepOutcome run(SweepPlan plan, Supplier<SweepPlan> next, SparkContext context) {
        try {
            SweepPlan round = plan;
            while (!round.jobs().isEmpty() && !stop.isStopped()) {
                round(round, context);
                if (!stop.isStopped()) {
                    round = next.get();
                }
            }
            return outcome();
        } finally {
            context.stop();
        }
    }

    private void round(SweepPlan plan, SparkContext context) {
        Map<JobId, Coordinates> coordinates =
                plan.grid().stream().collect(Collectors.toMap(PlannedJob::jobId, PlannedJob::coordinates));
        List<JobTicket> left = plan.jobs();
        while (!left.isEmpty() && !stop.isStopped()) {
            JobDesk desk = dispatcher.open(left);
            LossCounter losses = new LossCounter(desk);
            context.addSparkListener(losses);
            Throwable failure = runOnce(context, desk.number(), left);
            if (failure != null && !stop.isStopped()) {
                awaitEvents(context);
                recordLost(losses.lost(SparkLauncher.maxFailures(context)), coordinates, failure);
            }
            context.removeSparkListener(losses);
            left = unreported(left);
        }
    }

    /** One Spark job over the tickets; returns when it has ended, with the reason where it did not end well. */
    private @Nullable Throwable runOnce(SparkContext context, int number, List<JobTicket> tickets) {
        Map<JobId, JobTicket> byId = tickets.stream()
                .collect(Collectors.toMap(ticket -> ticket.spec().id(), ticket -> ticket));
        SweepTask task = new SweepTask(number, settings.output());
        SparkJob job = SparkJob.submit(
                context,
                tickets.size(),
                task,
                report -> ended(Objects.requireNonNull(byId.get(report.jobId())), report));
        stop.onStop(job::cancel);
        try {
            return job.await();
        } catch (InterruptedException e) {
            stop.stop(SweepOutcome.End.INTERRUPTED);
            Thread.currentThread().interrupt();
            return e;
        }
    }

    /** Task ends reach listeners some time after the job's end. */
    private static void awaitEvents(SparkContext context) {
        try {
            context.listenerBus().waitUntilEmpty();
        } catch (TimeoutException e) {
            throw new IllegalStateException("Spark's listeners do not keep up with the end of the job", e);
        }
    }

    private synchronized void ended(JobTicket ticket, TaskReport report) {
        if (report.trouble() != null) {
            stop.trouble(report.trouble());
        } else if (reported.add(ticket.spec().id())) {
            watch.jobEnded();
            done += report.failure() == null ? 1 : 0;
            failed += report.failure() == null ? 0 : 1;
            observer.ended(ticket, report);
            if (failed >= limit.failures()) {
                stop.stop(SweepOutcome.End.FAILURE_LIMIT);
            }
        }
    }

    /** Writes the rows of jobs whose executors were lost for good, so that the others can go on. */
    private void recordLost(List<JobTicket> lost, Map<JobId, Coordinates> coordinates, Throwable failure) {
        List<JobTicket> unwritten = unreported(lost);
        if (unwritten.isEmpty()) {
            stop.trouble("Spark has ended the sweep: " + failure.getMessage());
        }
        for (JobTicket ticket : unwritten) {
            Coordinates place = coordinates.get(ticket.spec().id());
            if (place != null) {
                store.writeRow(LostJob.row(ticket, place, LOST));
            }
            ended(ticket, new TaskReport(ticket.spec().id(), new Failure(FailureKind.LOST, LOST), null));
        }
    }

    private synchronized List<JobTicket> unreported(List<JobTicket> tickets) {
        return tickets.stream()
                .filter(ticket -> !reported.contains(ticket.spec().id()))
                .toList();
    }

    private synchronized SweepOutcome outcome() {
        SweepOutcome.End end = stop.end();
        return new SweepOutcome(done, failed, end == null ? SweepOutcome.End.COMPLETE : end, stop.trouble());
    }
}
