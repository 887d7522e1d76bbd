package dev.coppice.driver.launch;

import dev.coppice.worker.job.JobTicket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts how often each task of a Spark job was lost. */
final class LossCounter extends SparkListener {

    private final JobDesk desk;
    private final Map<Integer, Integer> losses = new HashMap<>(); // by task

    LossCounter(JobDesk desk) {
        this.desk = desk;
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        if (!(end.reason() instanceof Success$)) {
            losses.merge(end.taskInfo().index(), 1, Integer::sum);
        }
    }

    /** The jobs that were lost at least {@code times} times. */
    synchronized List<JobTicket> lost(int times) {
        return losses.entrySet().stream()
                .filter(task -> task.getValue() >= times)
                .map(task -> desk.ticket(task.getKey()))
                .filter(Objects::nonNull)
                .toList();
    }
}
