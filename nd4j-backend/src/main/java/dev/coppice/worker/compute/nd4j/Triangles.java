package dev.coppice.worker.compute.nd4j;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntBinaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Square matrices of zeros and ones, by size, kept until they are closed. */
final class Triangles implements AutoCloseable {

    private final Map<Integer, INDArray> from = new HashMap<>();
    private final Map<Integer, INDArray> after = new HashMap<>();

    /** 1 at (i, j) for j from i on: a row times it is the row's running sums. */
    INDArray from(int size) {
        return from.computeIfAbsent(size, n -> matrix(n, (i, j) -> j >= i ? 1 : 0));
    }

    /** 1 at (i, j) for j before i: a row times it is, at each place, the sum of what comes after. */
    INDArray after(int size) {
        return after.computeIfAbsent(size, n -> matrix(n, (i, j) -> j < i ? 1 : 0));
    }

    private static INDArray matrix(int size, IntBinaryOperator element) {
        float[] values = new float[size * size]; // (i, j)
        for (int i = 0; i < values.length; i++) {
            values[i] = element.applyAsInt(i / size, i % size);
        }
        return Nd4j.createFromArray(values).reshape('c', size, size);
    }

    @Override
    public void close() {
        from.values().forEach(INDArray::close);
        after.values().forEach(INDArray::close);
        from.clear();
        after.clear();
    }
}
