package dev.coppice.driver.launch;

import dev.coppice.worker.job.JobTicket;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Counts how often each job's task was lost, and tells an observer which jobs start. */
final class LossCounter extends SparkListener {

    private final List<JobTicket> tickets;
    private final SweepObserver observer;
    private final int[] losses; // by partition

    LossCounter(List<JobTicket> tickets, SweepObserver observer) {
        this.tickets = tickets;
        this.observer = observer;
        losses = new int[tickets.size()];
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
        observer.started(tickets.get(start.taskInfo().index()));
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        if (!(end.reason() instanceof Success$)) {
            losses[end.taskInfo().index()]++;
        }
    }

    /** The jobs that were lost at least {@code times} times. */
    synchronized List<JobTicket> lost(int times) {
        return IntStream.range(0, losses.length)
                .filter(index -> losses[index] >= times)
                .mapToObj(tickets::get)
                .toList();
    }
}
