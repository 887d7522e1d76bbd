package dev.coppice.worker.model.layer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a raw value v before the first layer: (v / scale - mean) / std.
 *
 * @param scale above 0
 * @param mean of each channel; (channels)
 * @param std of each channel, above 0; (channels)
 */
public record Normalisation(double scale, double[] mean, double[] std) {

    private static final String KEY = "input_normalisation";

    /**
     * The normalisation in a config: an object with the number scale, and mean and std, each a number for all channels or a
     * list of one for each.
     *
     * @return null where the config has none
     * @throws dev.coppice.worker.model.ModelException when it is something else
     */
    static @Nullable Normalisation read(ConfigKeys keys, int channels) {
        if (!keys.has(KEY)) {
            return null;
        }
        JsonNode node = keys.value(KEY);
        Normalisation read = new Normalisation(
                node.path("scale").asDouble(Double.NaN),
                perChannel(node.path("mean"), channels),
                perChannel(node.path("std"), channels));
        boolean finite = Arrays.stream(read.mean).allMatch(Double::isFinite);
        if (!(read.scale > 0) || !finite || !Arrays.stream(read.std).allMatch(std -> std > 0)) {
            throw keys.wrong(
                    KEY,
                    "an object with scale and std (above 0) and mean; mean and std are a number, or a list of "
                            + channels + ", one for each channel");
        }
        return read;
    }

    /** NaN where the config has no such numbers. */
    private static double[] perChannel(JsonNode node, int channels) {
        double[] values = new double[channels];
        Arrays.fill(values, node.asDouble(Double.NaN));
        for (int channel = 0; channel < channels && node.size() == channels; channel++) {
            values[channel] = node.path(channel).asDouble(Double.NaN);
        }
        return values;
    }

    /** What {@code value} becomes in {@code channel}. */
    double apply(double value, int channel) {
        return (value / scale - mean[channel]) / std[channel];
    }
}
