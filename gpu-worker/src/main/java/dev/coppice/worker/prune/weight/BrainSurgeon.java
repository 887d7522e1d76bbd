package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Narrowing;
import dev.coppice.worker.model.WeightMatrix;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Optimal brain surgery on the rows of a matrix (Frantar and Alistarh 2023, algorithm 1). Pruning weight j of row w costs
 * w_j^2 / U_jj^2, and moves the weights right of it by -(w_j / U_jj) U_j,j+1..., with U'U = H^-1 and H = 2/n X'X + damping.
 */
final class BrainSurgeon {

    /** Columns whose masks are chosen together. */
    private static final int BLOCK = 128;

    /** Of the mean of H's diagonal, added to the diagonal. */
    private static final double DAMPING = 0.01;

    private static final int ROWS_PER_PIECE = 32;

    private final Compute compute;
    private final WeightMatrix matrix;
    private final int columns;
    private final boolean[] dead; // (inputs), inputs that are always zero
    private final float[] u; // (inputs, inputs)

    /**
     * Prepares for a matrix.
     *
     * @param products X'X of its inputs, (inputs, inputs); overwritten
     * @param rows of X
     */
    BrainSurgeon(Compute compute, WeightMatrix matrix, double[] products, long rows) {
        this.compute = compute;
        this.matrix = matrix;
        columns = matrix.inputs();
        dead = new boolean[columns];
        double trace = 0;
        for (int i = 0; i < products.length; i++) {
            products[i] *= 2.0 / rows;
        }
        for (int j = 0; j < columns; j++) {
            dead[j] = products[j * columns + j] == 0;
            products[j * columns + j] = dead[j] ? 1 : products[j * columns + j];
            trace += products[j * columns + j];
        }
        for (int j = 0; j < columns; j++) {
            products[j * columns + j] += DAMPING * trace / columns;
        }
        u = InverseFactor.of(products, columns, matrix.name(), compute);
    }

    /** The matrix with floor(n ratio) weights of each block of columns pruned, or N of each M; the others updated. */
    PrunedMatrix prune(HostArray weight, BigDecimal ratio, @Nullable Pattern pattern) {
        float[] w = weight.toFloats(); // (outputs, inputs)
        boolean[] pruned = new boolean[w.length]; // (outputs, inputs)
        for (int from = 0; from < w.length; from += columns) {
            for (int j = 0; j < columns; j++) {
                w[from + j] = dead[j] ? 0 : w[from + j];
            }
        }
        for (int left = 0; left < columns; left += BLOCK) {
            int first = left;
            int width = Math.min(BLOCK, columns - left);
            if (pattern == null) {
                choose(w, left, width, ratio, pruned);
            }
            compute.onHost((matrix.outputs() + ROWS_PER_PIECE - 1) / ROWS_PER_PIECE, piece -> {
                int end = Math.min(matrix.outputs(), (piece + 1) * ROWS_PER_PIECE);
                for (int row = piece * ROWS_PER_PIECE; row < end; row++) {
                    operate(w, row * columns, first, width, pattern, pruned);
                }
            });
        }
        return result(weight, w, pruned);
    }

    /** The cheapest weights of a block, over all rows; the lower index first among equals. */
    private void choose(float[] w, int left, int width, BigDecimal ratio, boolean[] pruned) {
        float[] costs = new float[matrix.outputs() * width]; // (outputs, width)
        for (int row = 0; row < matrix.outputs(); row++) {
            for (int c = 0; c < width; c++) {
                costs[row * width + c] = cost(w[row * columns + left + c], left + c);
            }
        }
        boolean[] marks = new boolean[costs.length];
        int count = Math.toIntExact(Selection.count(costs.length, ratio));
        Selection.smallest(costs, 0, costs.length, count, new int[costs.length], marks);
        for (int row = 0; row < matrix.outputs(); row++) {
            System.arraycopy(marks, row * width, pruned, row * columns + left, width);
        }
    }

    private float cost(float weight, int column) {
        float ratio = weight / u[column * columns + column];
        return ratio * ratio;
    }

    /** Goes through a block of columns of a row: prunes, and moves what lies right of it. */
    private void operate(float[] w, int row, int left, int width, @Nullable Pattern pattern, boolean[] pruned) {
        float[] errors = new float[width];
        float[] costs = new float[pattern == null ? 0 : pattern.group()];
        int[] scratch = new int[costs.length];
        boolean[] marks = new boolean[costs.length];
        for (int c = 0; c < width; c++) {
            int j = left + c;
            if (pattern != null && j % pattern.group() == 0) {
                for (int k = 0; k < costs.length; k++) {
                    costs[k] = cost(w[row + j + k], j + k);
                }
                Arrays.fill(marks, false);
                Selection.smallest(costs, 0, costs.length, pattern.pruned(), scratch, marks);
                System.arraycopy(marks, 0, pruned, row + j, marks.length);
            }
            if (pruned[row + j]) {
                errors[c] = w[row + j] / u[j * columns + j];
                w[row + j] = 0;
                subtract(w, row, errors[c], j, j + 1, left + width);
            }
        }
        for (int c = 0; c < width; c++) {
            if (errors[c] != 0) {
                subtract(w, row, errors[c], left + c, left + width, columns);
            }
        }
    }

    /** Columns {@code from} to {@code to} of a row, minus {@code error} times row j of U. */
    private void subtract(float[] w, int row, float error, int j, int from, int to) {
        int start = j * columns;
        for (int k = from; k < to; k++) {
            w[row + k] -= error * u[start + k];
        }
    }

    /** In the type that the matrix is stored in. A weight that was moved to exactly zero is none that was pruned. */
    private PrunedMatrix result(HostArray weight, float[] w, boolean[] pruned) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(weight.bytes().remaining()).order(ByteOrder.LITTLE_ENDIAN);
        long count = 0;
        for (int i = 0; i < w.length; i++) {
            count += pruned[i] ? 1 : 0;
            Narrowing.put(bytes, weight.dtype(), pruned[i] ? 0 : w[i]);
        }
        return new PrunedMatrix(
                matrix,
                new HostArray(weight.dtype(), weight.shape(), bytes.flip().order(ByteOrder.LITTLE_ENDIAN)),
                count);
    }
}
