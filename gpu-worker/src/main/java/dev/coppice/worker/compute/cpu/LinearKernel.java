package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Shapes;
import org.jspecify.annotations.Nullable;

/** Linear maps and embeddings. */
final class LinearKernel {

    private LinearKernel() {}

    /**
     * out = x weight' + bias. One product a sequence (or a row, when there is no time axis): the native library may sum in
     * another order when the number of rows differs, and a sequence's result must not depend on its neighbours.
     *
     * @param x (B, T, in) or (R, in)
     * @param weight (out, in)
     */
    static void linear(CpuTensor x, CpuTensor weight, @Nullable CpuTensor bias, CpuTensor out) {
        int inputs = x.columns();
        int outputs = out.columns();
        int rows = Math.toIntExact(x.rows());
        int block = x.shape().length > 2 ? x.axis(1) : 1;
        if (bias != null) {
            Memory.repeat(bias.buffer(), outputs, out.buffer(), rows);
        }
        float beta = bias == null ? 0f : 1f;
        for (int row = 0; row < rows; row += block) {
            Blas.multiply(
                    block,
                    outputs,
                    inputs,
                    x.at((long) row * inputs),
                    weight.pointer(),
                    beta,
                    out.at((long) row * outputs));
        }
    }

    /** Rows of table (V, H) by id; out (ids, H). */
    static void embedding(int[] ids, CpuTensor table, CpuTensor out) {
        int channels = table.columns();
        Shapes.ids(ids, "position", table.rows());
        for (int i = 0; i < ids.length; i++) {
            Memory.copy(table.buffer(), ids[i] * channels, out.buffer(), i * channels, channels);
        }
    }
}
