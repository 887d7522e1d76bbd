package dev.coppice.driver.launch;

import dev.coppice.driver.config.SparkSettings;
import dev.coppice.worker.job.ModelMemory;
import dev.coppice.worker.job.WorkerSettings;
import dev.coppice.worker.spark.UnfitException;
import dev.coppice.worker.spark.WorkerConf;
import dev.coppice.worker.spark.WorkerPlugin;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.jspecify.annotations.Nullable;

/** Starts Spark for a sweep. */
final class SparkLauncher {

    private static final String PLUGINS = "spark.plugins";

    private SparkLauncher() {}

    /**
     * A context by the settings; what spark-submit has set stands unless the config says otherwise.
     *
     * @param largest of the models, which each device must hold; null where it need not
     * @throws UnfitException when the sweep cannot run so
     */
    static SparkContext start(
            String sweep, SparkSettings settings, WorkerSettings worker, @Nullable ModelMemory largest) {
        SparkConf conf = new SparkConf();
        conf.setAppName("coppice " + sweep);
        if (settings.master() != null) {
            conf.setMaster(settings.master());
        }
        int processors = Runtime.getRuntime().availableProcessors();
        conf.setIfMissing("spark.master", "local[" + processors + "]");
        conf.setIfMissing("spark.task.cpus", String.valueOf(worker.threads()));
        // A task that throws is a lost executor: jobs' own failures become rows.
        conf.setIfMissing("spark.task.maxFailures", "4");
        // Discovery scripts count GPUs as nvidia-smi does; CUDA's own order puts the fastest first.
        conf.setIfMissing("spark.executorEnv.CUDA_DEVICE_ORDER", "PCI_BUS_ID");
        if (conf.get("spark.master").startsWith("local")) {
            conf.setIfMissing("spark.ui.enabled", "false");
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
            conf.setIfMissing("spark.driver.host", "127.0.0.1");
        }
        for (Map.Entry<String, String> setting : settings.conf().entrySet()) {
            conf.set(setting.getKey(), setting.getValue());
        }
        WorkerConf.of(worker).forEach(conf::set);
        if (largest != null) {
            WorkerConf.of(largest).forEach(conf::set);
        }
        conf.set(PLUGINS, (conf.contains(PLUGINS) ? conf.get(PLUGINS) + "," : "") + WorkerPlugin.class.getName());
        return context(conf);
    }

    private static SparkContext context(SparkConf conf) {
        try {
            return new SparkContext(conf);
        } catch (Exception e) {
            if (e instanceof SparkException) { // Scala does not declare it
                throw new UnfitException("Spark does not start with spark.master = " + conf.get("spark.master")
                        + ", worker.threads = " + conf.get("spark.task.cpus") + " and spark.conf: " + e.getMessage());
            }
            throw e;
        }
    }

    /** Losses of one task after which Spark gives its job up. */
    static int maxFailures(SparkContext context) {
        // A task of local mode is never repeated.
        return context.isLocal() ? 1 : context.getConf().getInt("spark.task.maxFailures", 4);
    }
}
