package dev.coppice.worker.spark;

import dev.coppice.results.store.ResultStore;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.job.JobRunner;
import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.job.Machine;
import dev.coppice.worker.job.WorkerSettings;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.resource.ResourceInformation;
import org.jspecify.annotations.Nullable;

/** The plugin in an executor: what its tasks share. */
final class ExecutorSide implements ExecutorPlugin {

    /** Exit code of an executor whose device is broken; Spark replaces it. */
    static final int BROKEN_DEVICE = 20;

    /** Spark's name of the driver where that runs the tasks itself. */
    private static final String DRIVER = "driver";

    /** Spark's name of the resource. */
    static final String GPU = "gpu";

    /** Spark makes the plugin, and a process is one executor. */
    private static volatile @Nullable ExecutorSide current;

    private final Map<String, ResultStore> stores = new ConcurrentHashMap<>();
    private @Nullable Started started;
    private volatile boolean broken;

    /** What there is once the executor has been found fit. */
    private record Started(PluginContext context, WorkerSettings settings, JobRunner runner) {}

    /** The executor that this process is. */
    static ExecutorSide current() {
        ExecutorSide side = current;
        if (side == null) {
            throw new IllegalStateException("this process has not started as an executor of a sweep");
        }
        return side;
    }

    /**
     * Checks the flags, native libraries and devices that jobs need.
     *
     * @throws UnfitException when something is missing, after the driver has been told
     */
    @Override
    public void init(PluginContext context, Map<String, String> properties) {
        WorkerSettings settings = WorkerConf.read(key -> properties.getOrDefault(key, ""));
        JobRunner runner = new JobRunner(settings, Map.of("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION()));
        try {
            List<Device> devices =
                    runner.check(gpus(context), WorkerConf.largest(key -> properties.getOrDefault(key, "")));
            started = new Started(context, settings, runner);
            current = this;
            String labels = devices.stream().map(Device::label).collect(Collectors.joining(", "));
            report(context, ExecutorReport.State.READY, labels);
        } catch (RuntimeException | LinkageError e) {
            String problem = e instanceof IllegalStateException ? String.valueOf(e.getMessage()) : e.toString();
            report(context, ExecutorReport.State.UNFIT, problem);
            throw new UnfitException(problem);
        }
    }

    private static List<String> gpus(PluginContext context) {
        ResourceInformation gpus = context.resources().get(GPU);
        return gpus == null ? List.of() : List.of(gpus.addresses());
    }

    private static void report(PluginContext context, ExecutorReport.State state, String message) {
        ask(context, new ExecutorReport(context.executorID(), Machine.name(), state, message));
    }

    private static Object ask(PluginContext context, Serializable question) {
        try {
            return Envelope.open(context.ask(Envelope.seal(question)));
        } catch (Exception e) { // the interface declares nothing narrower
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("the driver gives no answer: " + e.getMessage(), e);
        }
    }

    private Started started() {
        if (started == null) {
            throw new IllegalStateException("the executor has not been found fit");
        }
        return started;
    }

    WorkerSettings settings() {
        return started().settings();
    }

    JobRunner runner() {
        return started().runner();
    }

    String name() {
        return started().context().executorID();
    }

    /** Whether this is the driver's own process, so that Spark cannot replace it. */
    boolean isDriver() {
        return name().equals(DRIVER);
    }

    /** The store at this location, a path or URI. */
    ResultStore store(String output) {
        return stores.computeIfAbsent(output, ResultStore::at);
    }

    /** The job of task number {@code task}. */
    JobTicket job(int sparkJob, int task) {
        return (JobTicket) ask(started().context(), new JobRequest(sparkJob, task, name(), runner().models()));
    }

    /** A device has ended to work: once the running task has, so does this process, and Spark starts another. */
    void deviceBroke(String message) {
        broken = true;
        report(started().context(), ExecutorReport.State.BROKEN, message);
    }

    @Override
    public void onTaskSucceeded() {
        endIfBroken();
    }

    @Override
    public void onTaskFailed(TaskFailedReason reason) {
        endIfBroken();
    }

    private void endIfBroken() {
        if (broken) {
            try {
                TimeUnit.SECONDS.sleep(1); // what became of the task is on its way to the driver
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            System.exit(BROKEN_DEVICE);
        }
    }

    @Override
    public void shutdown() {
        current = null;
    }
}
