package dev.coppice.worker.task.calibration;

import java.io.Serializable;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which inputs of a task a classifier is watched on.
 *
 * @param source where they are from
 * @param samples how many
 * @param seed of the draw
 */
public record InputSettings(InputSource source, int samples, long seed) implements Serializable {

    /** How many where a config says nothing. */
    public static final int SAMPLES = 128;

    private static final String INPUTS = "inputs";
    private static final String TASK = "task";

    /**
     * What a job's identity says of it.
     *
     * @param task whose inputs they are
     * @param dataSha256 of the data that they are drawn from
     */
    public SortedMap<String, String> identity(String task, String dataSha256) {
        return new TreeMap<>(Map.of(
                INPUTS,
                source.label(),
                TASK,
                task,
                CalibrationSettings.DATA,
                dataSha256,
                CalibrationSettings.SAMPLES,
                String.valueOf(samples),
                CalibrationSettings.SEED,
                String.valueOf(seed)));
    }

    /** The settings in a job's identity; null where it has none. */
    public static @Nullable InputSettings of(Map<String, String> identity) {
        InputSource source = InputSource.of(identity.get(INPUTS));
        String samples = identity.get(CalibrationSettings.SAMPLES);
        String seed = identity.get(CalibrationSettings.SEED);
        return source == null || samples == null || seed == null
                ? null
                : new InputSettings(source, Integer.parseInt(samples), Long.parseLong(seed));
    }

    /** The task in a job's identity; null where it has none. */
    public static @Nullable String task(Map<String, String> identity) {
        return identity.get(TASK);
    }
}
