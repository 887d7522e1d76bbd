package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Columns;
import java.nio.ByteBuffer;

/**
 * Neighbouring columns of a tensor, as kernels read them.
 *
 * @param tensor the whole tensor
 * @param from first column
 * @param count number of columns
 * @param stride floats from one row to the next
 */
record CpuColumns(CpuTensor tensor, int from, int count, int stride) {

    static CpuColumns of(Columns columns) {
        return new CpuColumns(
                CpuTensor.of(columns.tensor()),
                columns.from(),
                columns.count(),
                columns.tensor().columns());
    }

    /** All columns of {@code tensor}. */
    static CpuColumns all(CpuTensor tensor) {
        return new CpuColumns(tensor, 0, tensor.columns(), tensor.columns());
    }

    ByteBuffer buffer() {
        return tensor.buffer();
    }

    /** Index in {@link #buffer} of a row's first element. */
    int row(int row) {
        return row * stride + from;
    }

    float value(int row, int column) {
        return tensor.buffer().getFloat((row(row) + column) * Float.BYTES);
    }

    /** The elements from a row and a column on, for matrix products. */
    Block block(int row, int column) {
        return new Block(tensor.at((long) row * stride + from + column), stride);
    }
}
