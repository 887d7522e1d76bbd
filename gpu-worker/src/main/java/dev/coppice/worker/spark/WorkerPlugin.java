package dev.coppice.worker.spark;

import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Coppice inside Spark. The driver's side looks once at what a sweep asks for and hands it to the executors; each executor
 * checks at its start that it can work, and ends at once, with the reason in the driver's output, if it cannot.
 */
public final class WorkerPlugin implements SparkPlugin {

    @Override
    public DriverPlugin driverPlugin() {
        return new DriverSide();
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new ExecutorSide();
    }
}
