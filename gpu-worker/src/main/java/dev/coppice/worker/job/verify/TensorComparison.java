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
 * @param problem why the two cannot be compared number by number, such as another shape or NaN; null when they can
 */
public record TensorComparison(
        String name,
        int[] shape,
        double absoluteError,
        double largest,
        @Nullable String problem) {

    /**
     * Compares all numbers.
     *
     * @param ours row-major
     * @param golden of a floating type
     */
    static TensorComparison of(String name, int[] shape, double[] ours, HostArray golden) {
        if (!Arrays.equals(shape, golden.shape())) {
            return broken(name, golden, "ours has the shape " + Arrays.toString(shape));
        }
        double[] expected = golden.toDoubles();
        double error = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            if (!Double.isFinite(ours[i]) || !Double.isFinite(expected[i])) {
                return broken(name, golden, "at element " + i + " ours is " + ours[i] + ", golden " + expected[i]);
            }
            error = Math.max(error, Math.abs(ours[i] - expected[i]));
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        return new TensorComparison(name, golden.shape(), error, largest, null);
    }

    private static TensorComparison broken(String name, HostArray golden, String problem) {
        return new TensorComparison(name, golden.shape(), Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, problem);
    }

    /** What is held against the tolerance: max |ours - golden| / max(1, max |golden|); infinite where there is a problem. */
    public double error() {
        return problem == null ? absoluteError / Math.max(1, largest) : Double.POSITIVE_INFINITY;
    }

    /** max |ours - golden| / max |golden|; null where golden is all zero or there is a problem. */
    public @Nullable Double relativeError() {
        return problem == null && largest > 0 ? (Double) (absoluteError / largest) : null;
    }
}
