package dev.coppice.worker.spark;

import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.job.WorkerSettings;
import java.math.BigDecimal;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;

/**
 * The GPUs that a sweep asks of Spark.
 *
 * @param executor GPUs of an executor; null when it asks for none
 * @param task GPUs of a task, possibly a fraction of one; null when it asks for none
 */
record GpuDemand(@Nullable BigDecimal executor, @Nullable BigDecimal task) {

    private static final String EXECUTOR = "spark.executor.resource.gpu.amount";
    private static final String TASK = "spark.task.resource.gpu.amount";

    static GpuDemand of(SparkConf conf) {
        return new GpuDemand(amount(conf, EXECUTOR), amount(conf, TASK));
    }

    private static @Nullable BigDecimal amount(SparkConf conf, String key) {
        if (!conf.contains(key)) {
            return null;
        }
        try {
            return new BigDecimal(conf.get(key).strip());
        } catch (NumberFormatException e) {
            throw new UnfitException(key + " is \"" + conf.get(key) + "\", expected a number of GPUs");
        }
    }

    /** Jobs that Spark runs on one GPU at a time: as many parts of the task's size as it has. */
    int jobsOnADevice() {
        return task == null || task.signum() <= 0 || task.compareTo(BigDecimal.ONE) > 0
                ? 1
                : BigDecimal.ONE.divideToIntegralValue(task).intValueExact();
    }

    /**
     * Checks that each job of the sweep gets one device, and that it is clear which.
     *
     * @param local whether Spark runs everything in this process
     * @throws UnfitException when not; the message names the settings
     */
    void check(Backend backend, WorkerSettings settings, boolean local) {
        if (!backend.usesGpus()) {
            return;
        }
        String name = backend.name();
        if (local) {
            if (executor != null || task != null) {
                throw new UnfitException("local Spark schedules no GPUs: take " + EXECUTOR + " and " + TASK
                        + " out, and name the devices that jobs share in worker.device");
            }
            return;
        }
        if (!settings.devices().isEmpty()) {
            throw new UnfitException("worker.device names " + String.join(", ", settings.devices())
                    + ", but on a cluster Spark assigns the GPUs: take it out, and set " + EXECUTOR + " and " + TASK);
        }
        if (executor == null || executor.signum() <= 0 || task == null || task.signum() <= 0) {
            throw new UnfitException("the " + name + " backend needs GPUs, and the sweep asks Spark for none: set "
                    + EXECUTOR + " to the GPUs of an executor and " + TASK
                    + " to 1, or to a fraction such as 0.25 for several jobs on one GPU (docs/cluster.md)");
        }
        if (task.compareTo(BigDecimal.ONE) > 0) {
            throw new UnfitException(TASK + " is " + task.toPlainString()
                    + "; a job runs on one GPU, so the others would lie idle. Set it to 1");
        }
    }
}
