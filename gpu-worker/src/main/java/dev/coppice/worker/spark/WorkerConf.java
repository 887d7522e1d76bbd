package dev.coppice.worker.spark;

import dev.coppice.worker.job.WorkerSettings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** {@link WorkerSettings} as properties of Spark: how they reach the plugin. */
public final class WorkerConf {

    private static final String PREFIX = "spark.coppice.worker.";
    private static final String BACKEND = PREFIX + "backend";
    private static final String DEVICE = PREFIX + "device";
    private static final String THREADS = PREFIX + "threads";
    private static final String CACHE = PREFIX + "cache";
    private static final String SAMPLES = PREFIX + "samples";

    private WorkerConf() {}

    /** The properties that hold {@code settings}. */
    public static Map<String, String> of(WorkerSettings settings) {
        Map<String, String> properties = new TreeMap<>();
        properties.put(BACKEND, settings.backend());
        properties.put(DEVICE, String.join(",", settings.devices()));
        properties.put(THREADS, String.valueOf(settings.threads()));
        properties.put(CACHE, String.valueOf(settings.cacheBytes()));
        properties.put(SAMPLES, String.valueOf(settings.samples()));
        return properties;
    }

    /** The settings that were put there by {@link #of}. */
    static WorkerSettings read(UnaryOperator<String> property) {
        String devices = property.apply(DEVICE);
        return new WorkerSettings(
                property.apply(BACKEND),
                devices.isEmpty() ? List.of() : List.of(devices.split(",")),
                Integer.parseInt(property.apply(THREADS)),
                Long.parseLong(property.apply(CACHE)),
                Boolean.parseBoolean(property.apply(SAMPLES)));
    }
}
