package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Precision;
import org.jspecify.annotations.Nullable;

/** Linear maps by weights in their stored type. R rows. */
final class MatrixKernel {

    /** Rows of a piece: enough that packing the weight is a small part of the product. */
    private static final int ROWS = 512;

    /** Weights of a piece, which widened fit the second-level cache. */
    private static final int WEIGHTS = 512 * 768;

    private MatrixKernel() {}

    /** Rows of {@code weight} that make a piece. */
    static int panel(CpuMatrix weight) {
        return Math.max(64, WEIGHTS / Math.max(1, weight.inputs()) / 64 * 64);
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
        int panel = panel(weight);
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
