package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.WeightMatrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Watches the inputs of matrices and adds up X'X, (inputs, inputs), in float64: the second moments that a layer's error depends on. */
final class InputProducts implements Observer {

    private static final int TILE = 64;

    private final Map<String, double[]> byName = new HashMap<>(); // (inputs, inputs) each

    InputProducts(List<WeightMatrix> matrices) {
        matrices.forEach(
                matrix -> byName.put(matrix.name(), new double[Math.multiplyExact(matrix.inputs(), matrix.inputs())]));
    }

    @Override
    public boolean watches(String name) {
        return byName.containsKey(name);
    }

    @Override
    public void see(String name, Compute lane, Tensor tensor) {
        double[] sums = byName.get(name);
        if (sums != null) {
            float[] products;
            try (Scope scope = lane.scope()) {
                HostArray columns = transposed(lane.download(tensor), tensor.columns());
                Tensor x = lane.tensor(columns.toFloats(), columns.shape()); // (inputs, rows)
                products =
                        lane.download(lane.language().linear(x, lane.language().matrix(columns), null));
            }
            for (int i = 0; i < sums.length; i++) {
                sums[i] += products[i];
            }
        }
    }

    /** x (rows, columns) as (columns, rows), outside the heap. */
    private static HostArray transposed(float[] x, int columns) {
        int rows = x.length / columns;
        ByteBuffer bytes = ByteBuffer.allocateDirect(Float.BYTES * x.length).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer out = bytes.asFloatBuffer();
        for (int left = 0; left < columns; left += TILE) {
            for (int top = 0; top < rows; top += TILE) {
                for (int c = left; c < Math.min(columns, left + TILE); c++) {
                    for (int r = top; r < Math.min(rows, top + TILE); r++) {
                        out.put(c * rows + r, x[r * columns + c]);
                    }
                }
            }
        }
        return new HostArray(DType.FLOAT32, new int[] {columns, rows}, bytes);
    }

    /** X'X of a matrix's inputs, for the caller to change: (inputs, inputs). */
    double[] take(WeightMatrix matrix) {
        return Objects.requireNonNull(byName.remove(matrix.name()), matrix.name());
    }
}
