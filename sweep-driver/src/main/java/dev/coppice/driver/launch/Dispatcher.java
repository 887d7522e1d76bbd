package dev.coppice.driver.launch;

import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.spark.ExecutorReport;
import dev.coppice.worker.spark.JobRequest;
import dev.coppice.worker.spark.SweepServer;
import java.util.List;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/** Answers the executors of a sweep. */
final class Dispatcher extends SparkListener implements SweepServer {

    private final ExecutorWatch watch;
    private final SweepObserver observer;
    private volatile JobDesk desk = new JobDesk(0, List.of());

    Dispatcher(ExecutorWatch watch, SweepObserver observer) {
        this.watch = watch;
        this.observer = observer;
    }

    /** Hands out these jobs from now on; tasks of earlier Spark jobs get no more. */
    JobDesk open(List<JobTicket> tickets) {
        desk = new JobDesk(desk.number() + 1, tickets);
        return desk;
    }

    @Override
    public JobTicket job(JobRequest request) {
        JobDesk now = desk;
        if (request.sparkJob() != now.number()) {
            throw new IllegalStateException("the Spark job of this task has ended");
        }
        JobTicket ticket = now.give(request);
        observer.started(ticket);
        return ticket;
    }

    @Override
    public void heard(ExecutorReport report) {
        watch.heard(report);
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
        watch.gone(event.executorId(), event.reason());
        desk.gone(event.executorId());
    }
}
