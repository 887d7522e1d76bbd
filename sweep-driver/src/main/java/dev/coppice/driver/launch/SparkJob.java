package dev.coppice.driver.launch;

import dev.coppice.worker.spark.SweepTask;
import dev.coppice.worker.spark.TaskReport;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Await;
import scala.concurrent.duration.Duration;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** One Spark job with a task for each job of a sweep, whose reports arrive as the tasks end. */
final class SparkJob {

    private final SimpleFutureAction<BoxedUnit> action;

    private SparkJob(SimpleFutureAction<BoxedUnit> action) {
        this.action = action;
    }

    /**
     * Starts the job.
     *
     * @param tasks number of tasks
     * @param reports gets each task's report
     */
    static SparkJob submit(SparkContext context, int tasks, SweepTask task, Consumer<TaskReport> reports) {
        context.setLocalProperty("spark.job.interruptOnCancel", "true");
        List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
        RDD<Integer> partitions = JavaSparkContext.fromSparkContext(context)
                .parallelize(numbers, tasks)
                .rdd();
        return new SparkJob(context.submitJob(
                partitions,
                task,
                CollectionConverters.<Object>asScala(List.copyOf(numbers)).toSeq(),
                new AbstractFunction2<>() {
                    @Override
                    public BoxedUnit apply(Object index, TaskReport report) {
                        reports.accept(report);
                        return BoxedUnit.UNIT;
                    }
                },
                new AbstractFunction0<>() {
                    @Override
                    public BoxedUnit apply() {
                        return BoxedUnit.UNIT;
                    }
                }));
    }

    /**
     * Waits until the job has ended.
     *
     * @return why it failed or was cancelled; null when every task has reported
     */
    @Nullable
    Throwable await() throws InterruptedException {
        try {
            Await.ready(action, Duration.Inf());
        } catch (TimeoutException e) {
            throw new IllegalStateException("an infinite wait has timed out", e);
        }
        var result = action.value().get();
        return result.isFailure() ? result.failed().get() : null;
    }

    void cancel() {
        action.cancel();
    }
}
