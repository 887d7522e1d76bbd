package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Precision;
import org.jspecify.annotations.Nullable;

/** Linear maps by weights in their stored type. R rows. */
final class MatrixKernel {

    /** Rows of a piece: enough that packing the weight is a small part of the product. */
    private static final int ROWS = 512;

    /** Elements of a piece's operand, which are a few times the second-level cache. */
    private static final int WEIGHTS = 512 * 768;

    /** Columns of a product that it makes at a time at its best. */
    private static final int ALIGNED = 64;

    private MatrixKernel() {}

    /** Rows of {@code weight} that are multiplied at a time. */
    static int panel(CpuMatrix weight) {
        return Math.max(ALIGNED, WEIGHTS / Math.max(1, weight.inputs()) / ALIGNED * ALIGNED);
    }

    /** As many rows of {@code weight} as two panels at most, so that pieces are of about equal size. */
    private static int balancedPanel(CpuMatrix weight) {
        int pieces = Math.max(1, Workers.pieces(weight.outputs(), 2 * panel(weight)));
        int even = Workers.pieces(weight.outputs(), pieces);
        return Math.max(1, Workers.pieces(even, ALIGNED)) * ALIGNED;
    }

    /** The elements of x as operands of products; to (as x) holds them. */
    static void round(CpuTensor x, Precision precision, CpuTensor to, Workers workers) {
        workers.run(Workers.pieces(x.size(), WEIGHTS), (piece, scratch) -> {
            int from = piece * WEIGHTS;
            Rounding.round(precision, x.buffer(), from, Math.min(WEIGHTS, x.size() - from), to.buffer(), from);
        });
    }

    /** out = x weight' + bias; x (R, in) in the precision of the weight, out (R, out). */
    static void linear(CpuTensor x, CpuMatrix weight, @Nullable CpuTensor bias, CpuTensor out, Workers workers) {
        int rows = Math.toIntExact(x.rows());
        int panel = balancedPanel(weight);
        int panels = Workers.pieces(weight.outputs(), panel);
        int rowBlocks = Workers.pieces(rows, ROWS);
        workers.run(panels * rowBlocks, (piece, scratch) -> {
            int column = piece % panels * panel;
            int width = Math.min(panel, weight.outputs() - column);
            int row = piece / panels * ROWS;
            int height = Math.min(ROWS, rows - row);
            int at = row * weight.outputs() + column;
            if (bias != null) {
                for (int r = 0; r < height; r++) {
                    Memory.copy(bias.buffer(), column, out.buffer(), at + r * weight.outputs(), width);
                }
            }
            Blas.timesTransposed(
                    height,
                    width,
                    weight.inputs(),
                    new Block(x.at((long) row * weight.inputs()), weight.inputs()),
                    new Block(weight.rows(column, width, weight.panel(width, scratch)), weight.inputs()),
                    bias == null ? 0f : 1f,
                    new Block(out.at(at), weight.outputs()));
        });
    }
}
