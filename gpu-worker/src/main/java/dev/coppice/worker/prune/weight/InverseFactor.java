package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.model.ModelException;

/**
 * The upper triangular U with U'U = H^-1, whose rows are what optimal brain surgery needs once the columns before are done with
 * (Frantar and Alistarh 2023, section 3.2). H = M M' with M upper triangular is a Cholesky factorisation from the last index to the
 * first, and U = M^-1; so H is never inverted itself.
 */
final class InverseFactor {

    private static final int BLOCK = 32;

    private InverseFactor() {}

    /**
     * U of a positive definite matrix, in float64.
     *
     * @param h H, symmetric, (n, n); overwritten
     * @param name of the matrix, for messages
     * @return U (n, n), zeros below the diagonal
     */
    static float[] of(double[] h, int n, String name, Compute compute) {
        reverse(h);
        double[] lower = transposed(factor(h, n, name, compute), n); // L with L L' = H, indices reversed
        return inverse(lower, n, compute);
    }

    /** Element (i, j) becomes (n - 1 - i, n - 1 - j). */
    private static void reverse(double[] a) {
        for (int i = 0, j = a.length - 1; i < j; i++, j--) {
            double swapped = a[i];
            a[i] = a[j];
            a[j] = swapped;
        }
    }

    /** R upper triangular with R'R = a, in place, a block of rows at a time; rows below the block are shared among threads. */
    private static double[] factor(double[] a, int n, String name, Compute compute) {
        for (int top = 0; top < n; top += BLOCK) {
            int end = Math.min(n, top + BLOCK);
            for (int k = top; k < end; k++) {
                for (int before = top; before < k; before++) {
                    subtract(a, n, before, k);
                }
                double pivot = a[k * n + k];
                if (!(pivot > 0)) {
                    throw new ModelException(
                            "the inputs of " + name + " have second moments that are not positive" + " definite (pivot "
                                    + pivot + "): they are NaN or infinite, or calibration is far too short");
                }
                double scale = 1 / Math.sqrt(pivot);
                for (int j = k; j < n; j++) {
                    a[k * n + j] *= scale;
                }
            }
            int first = top;
            int rest = n - end;
            compute.onHost((rest + BLOCK - 1) / BLOCK, piece -> {
                int from = end + piece * BLOCK;
                for (int row = from; row < Math.min(n, from + BLOCK); row++) {
                    for (int k = first; k < end; k++) {
                        subtract(a, n, k, row);
                    }
                }
            });
        }
        return a;
    }

    /** Row {@code row} of a, from its diagonal on, minus row k times its element (k, row). */
    private static void subtract(double[] a, int n, int k, int row) {
        double factor = a[k * n + row];
        int from = k * n;
        int to = row * n;
        for (int j = row; j < n; j++) {
            a[to + j] -= factor * a[from + j];
        }
    }

    private static double[] transposed(double[] upper, int n) {
        double[] lower = new double[upper.length];
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++) {
                lower[j * n + i] = upper[i * n + j];
            }
        }
        return lower;
    }

    /** The inverse of a lower triangular matrix, its indices reversed: columns are shared among threads. */
    private static float[] inverse(double[] lower, int n, Compute compute) {
        float[] result = new float[lower.length];
        int width = 2 * BLOCK;
        compute.onHost((n + width - 1) / width, piece -> {
            int left = piece * width;
            int columns = Math.min(width, n - left);
            double[] x = new double[n * columns]; // (n, columns) of the inverse
            for (int i = left; i < n; i++) {
                int to = i * columns;
                if (i < left + columns) {
                    x[to + i - left] = 1;
                }
                for (int k = left; k < i; k++) {
                    double factor = lower[i * n + k];
                    int from = k * columns;
                    for (int c = 0; c < columns; c++) {
                        x[to + c] -= factor * x[from + c];
                    }
                }
                double scale = 1 / lower[i * n + i];
                for (int c = 0; c < columns; c++) {
                    x[to + c] *= scale;
                    result[(n - 1 - i) * n + n - 1 - left - c] = (float) x[to + c];
                }
            }
        });
        return result;
    }
}
