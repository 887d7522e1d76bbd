package dev.coppice.worker.job.verify;

import dev.coppice.worker.compute.HostArray;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One tensor of ours against the golden one.
 *
 * @param name the golden tensor's name
 * @param shape the golden tensor's shape
 * @param absoluteError max |ours - golden|
 * @param largest max |golden|
 * @param error what is held against the tolerance; infinite where there is a problem
 * @param problem why the two cannot be compared number by number, such as another shape or NaN; null when they can
 */
public record TensorComparison(
        String name,
        int[] shape,
        double absoluteError,
        double largest,
        double error,
        @Nullable String problem) {

    /**
     * Compares all numbers.
     *
     * @param ours row-major
     * @param golden of a floating type
     */
    static TensorComparison of(String name, int[] shape, double[] ours, HostArray golden, ErrorMeasure measure) {
        if (!Arrays.equals(shape, golden.shape())) {
            return broken(name, golden, "ours has the shape " + Arrays.toString(shape));
        }
        double[] expected = golden.toDoubles();
        double absolute = 0;
        double largest = 0;
        double errorSquares = 0;
        double goldenSquares = 0;
        for (int i = 0; i < expected.length; i++) {
            if (!Double.isFinite(ours[i]) || !Double.isFinite(expected[i])) {
                return broken(name, golden, "at element " + i + " ours is " + ours[i] + ", golden " + expected[i]);
            }
            double difference = ours[i] - expected[i];
            absolute = Math.max(absolute, Math.abs(difference));
            largest = Math.max(largest, Math.abs(expected[i]));
            errorSquares += difference * difference;
            goldenSquares += expected[i] * expected[i];
        }
        double error = switch (measure) {
            case LARGEST -> absolute / Math.max(1, largest);
            case ROOT_MEAN_SQUARE -> Math.sqrt(errorSquares / (goldenSquares == 0 ? 1 : goldenSquares));
        };
        return new TensorComparison(name, golden.shape(), absolute, largest, error, null);
    }

    private static TensorComparison broken(String name, HostArray golden, String problem) {
        double unknown = Double.POSITIVE_INFINITY;
        return new TensorComparison(name, golden.shape(), unknown, unknown, unknown, problem);
    }

    /** max |ours - golden| / max |golden|; null where golden is all zero or there is a problem. */
    public @Nullable Double relativeError() {
        return problem == null && largest > 0 ? (Double) (absoluteError / largest) : null;
    }
}
