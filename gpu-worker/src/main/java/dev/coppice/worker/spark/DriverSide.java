package dev.coppice.worker.spark;

import dev.coppice.worker.job.Backends;
import dev.coppice.worker.job.ModelMemory;
import dev.coppice.worker.job.WorkerSettings;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.jspecify.annotations.Nullable;

/** The plugin in the driver. */
public final class DriverSide implements DriverPlugin {

    /** Spark makes the plugin, and there is one context in a process: so is there one server. */
    private static final AtomicReference<@Nullable SweepServer> SERVER = new AtomicReference<>();

    /** Has {@code server} answer the executors from now on. To be called before Spark starts. */
    public static void serve(SweepServer server) {
        SERVER.set(server);
    }

    /** Looks at what the sweep asks for, and hands it to the executors. */
    @Override
    public Map<String, String> init(SparkContext context, PluginContext plugin) {
        SparkConf conf = plugin.conf();
        WorkerSettings settings = WorkerConf.read(conf::get);
        GpuDemand demand = GpuDemand.of(conf);
        demand.check(Backends.of(settings.backend()), settings, context.isLocal());
        int jobs = context.isLocal()
                ? LocalSlots.onADevice(
                        context.master(),
                        conf.getInt("spark.task.cpus", 1),
                        settings.devices().size())
                : demand.jobsOnADevice();
        Map<String, String> properties = new TreeMap<>(WorkerConf.of(settings.withJobsOnADevice(jobs)));
        ModelMemory largest = WorkerConf.largest(key -> conf.get(key, ""));
        if (largest != null) {
            properties.putAll(WorkerConf.of(largest));
        }
        return properties;
    }

    @Override
    public Object receive(Object message) {
        SweepServer server = SERVER.get();
        if (server == null) {
            throw new IllegalStateException("no sweep is running");
        }
        Object opened = Envelope.open(message);
        if (opened instanceof JobRequest request) {
            return Envelope.seal(server.job(request));
        }
        if (opened instanceof ExecutorReport report) {
            server.heard(report);
            return Envelope.seal(report.state());
        }
        throw new IllegalArgumentException("no executor of a sweep says " + opened);
    }
}
