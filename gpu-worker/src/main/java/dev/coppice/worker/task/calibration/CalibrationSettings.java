package dev.coppice.worker.task.calibration;

import java.io.Serializable;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How calibration windows are drawn.
 *
 * @param samples number of windows
 * @param length tokens of a window
 * @param seed of the draw
 * @param joining what they are drawn from
 */
public record CalibrationSettings(int samples, int length, long seed, Joining joining) implements Serializable {

    /** As "On Pruning State-Space LLMs" calibrates WANDA: WikiText-2's training text, 128 windows of 128 tokens. */
    public static final CalibrationSettings PAPER = new CalibrationSettings(128, 128, 0, Joining.SPACES);

    /** As WANDA is published: C4, 128 windows of 2048 tokens. */
    public static final CalibrationSettings WANDA = new CalibrationSettings(128, 2048, 0, Joining.DOCUMENTS);

    /** Both, by their names in configs. */
    public static final Map<String, CalibrationSettings> PRESETS =
            new TreeMap<>(Map.of("paper", PAPER, "wanda", WANDA));

    static final String DATA = "dataSha256";
    static final String SAMPLES = "samples";
    static final String SEED = "seed";
    private static final String LENGTH = "length";
    private static final String JOIN = "join";

    /** What a job's identity says of it. */
    public SortedMap<String, String> identity(String dataSha256) {
        return new TreeMap<>(Map.of(
                DATA,
                dataSha256,
                SAMPLES,
                String.valueOf(samples),
                LENGTH,
                String.valueOf(length),
                SEED,
                String.valueOf(seed),
                JOIN,
                joining.label()));
    }

    /** The settings in a job's identity; null where it has none. */
    public static @Nullable CalibrationSettings of(Map<String, String> identity) {
        String samples = identity.get(SAMPLES);
        String length = identity.get(LENGTH);
        String seed = identity.get(SEED);
        String joining = identity.get(JOIN);
        return samples == null || length == null || seed == null || joining == null
                ? null
                : new CalibrationSettings(
                        Integer.parseInt(samples), Integer.parseInt(length), Long.parseLong(seed), Joining.of(joining));
    }

    /** The data's SHA-256 in a job's identity; null where it has none. */
    public static @Nullable String dataSha256(Map<String, String> identity) {
        return identity.get(DATA);
    }
}
