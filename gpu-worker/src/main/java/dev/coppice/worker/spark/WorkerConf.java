package dev.coppice.worker.spark;

import dev.coppice.worker.compute.MemoryShare;
import dev.coppice.worker.job.ModelMemory;
import dev.coppice.worker.job.WorkerSettings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@link WorkerSettings} as properties of Spark: how they reach the plugin. */
public final class WorkerConf {

    private static final String PREFIX = "spark.coppice.worker.";
    private static final String BACKEND = PREFIX + "backend";
    private static final String DEVICE = PREFIX + "device";
    private static final String THREADS = PREFIX + "threads";
    private static final String CACHE = PREFIX + "cache";
    private static final String SAMPLES = PREFIX + "samples";
    private static final String DEVICE_MEMORY = PREFIX + "device-memory";
    private static final String JOBS_ON_A_DEVICE = PREFIX + "jobs-on-a-device";
    private static final String LARGEST_MODEL = PREFIX + "largest-model";
    private static final String LARGEST_BYTES = PREFIX + "largest-model-bytes";

    private WorkerConf() {}

    /** The properties that hold {@code settings}. */
    public static Map<String, String> of(WorkerSettings settings) {
        Map<String, String> properties = new TreeMap<>();
        properties.put(BACKEND, settings.backend());
        properties.put(DEVICE, String.join(",", settings.devices()));
        properties.put(THREADS, String.valueOf(settings.threads()));
        properties.put(CACHE, String.valueOf(settings.cacheBytes()));
        properties.put(SAMPLES, String.valueOf(settings.samples()));
        Long memory = settings.memory().bytes();
        properties.put(DEVICE_MEMORY, memory == null ? "" : String.valueOf(memory));
        properties.put(JOBS_ON_A_DEVICE, String.valueOf(settings.memory().jobs()));
        return properties;
    }

    /** The properties that hold the largest model of a sweep. */
    public static Map<String, String> of(ModelMemory largest) {
        return Map.of(LARGEST_MODEL, largest.model(), LARGEST_BYTES, String.valueOf(largest.bytes()));
    }

    /** The settings that were put there by {@link #of}. */
    static WorkerSettings read(UnaryOperator<String> property) {
        String devices = property.apply(DEVICE);
        String memory = property.apply(DEVICE_MEMORY);
        return new WorkerSettings(
                property.apply(BACKEND),
                devices.isEmpty() ? List.of() : List.of(devices.split(",")),
                Integer.parseInt(property.apply(THREADS)),
                Long.parseLong(property.apply(CACHE)),
                Boolean.parseBoolean(property.apply(SAMPLES)),
                new MemoryShare(
                        memory.isEmpty() ? null : Long.valueOf(memory),
                        Integer.parseInt(property.apply(JOBS_ON_A_DEVICE))));
    }

    /** The largest model, where the driver knows it. */
    static @Nullable ModelMemory largest(UnaryOperator<String> property) {
        String model = property.apply(LARGEST_MODEL);
        return model.isEmpty() ? null : new ModelMemory(model, Long.parseLong(property.apply(LARGEST_BYTES)));
    }
}
