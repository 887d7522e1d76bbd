package dev.coppice.worker.model.layer;

import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.weights.SideFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shift and a scale for each step, as the Speech Commands loaders of S4 and S5 have it: (v - mean[t]) / divisor[t].
 *
 * @param mean what is taken off; (T)
 * @param divisor what is divided by, above 0; (T)
 */
record StepStatistics(double[] mean, double[] divisor) {

    private static final String KEY = "input_statistics";

    /** Two numbers of up to 25 characters, a blank and a line's end. */
    private static final int LINE_BYTES = 54;

    /** The highest rate that a file may be for, in multiples of the model's. */
    private static final int MAX_RATE = 64;

    /**
     * The statistics in the text file that the config names: a line for each step of the full rate with mean and divisor. A
     * model of a lower rate takes every second (third, ...) line.
     *
     * @return null where the config names none
     * @throws ModelException when it is no such file
     */
    static @Nullable StepStatistics read(Path folder, ConfigKeys keys, int steps) {
        if (!keys.has(KEY)) {
            return null;
        }
        String name = keys.value(KEY).asText();
        byte[] content = SideFiles.read(folder, name, (long) LINE_BYTES * MAX_RATE * steps);
        List<String> lines =
                new String(content, StandardCharsets.US_ASCII).lines().toList();
        if (lines.isEmpty() || lines.size() % steps != 0) {
            throw new ModelException(folder.resolve(name) + ": has " + lines.size() + " lines; expected " + steps
                    + ", one for each step, or a multiple of that");
        }
        int stride = lines.size() / steps;
        double[] mean = new double[steps];
        double[] divisor = new double[steps];
        for (int t = 0; t < steps; t++) {
            int line = t * stride;
            String[] fields = lines.get(line).strip().split("\\s+");
            mean[t] = number(fields, 0);
            divisor[t] = number(fields, 1);
            if (fields.length != 2 || !Double.isFinite(mean[t]) || !(divisor[t] > 0) || divisor[t] == 1 / 0.0) {
                throw new ModelException(folder.resolve(name) + ":" + (line + 1)
                        + ": expected the step's mean and what is divided by (above 0), found \"" + lines.get(line)
                        + "\"");
            }
        }
        return new StepStatistics(mean, divisor);
    }

    private static double number(String[] fields, int field) {
        try {
            return field < fields.length ? Double.parseDouble(fields[field]) : Double.NaN;
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** What {@code value} becomes at step {@code t}. */
    double apply(double value, int t) {
        return (value - mean[t]) / divisor[t];
    }
}
