package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.HostArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Where the rows of a smaller tensor come from: each is a row of the old one, the mean of several, or zero.
 *
 * @param of the old rows that make each new one, none for zeros; (new rows)(sources)
 */
public record RowSources(int[][] of) {

    /** All of {@code count} rows, as they are. */
    public static RowSources all(int count) {
        int[][] of = new int[count][];
        Arrays.setAll(of, i -> new int[] {i});
        return new RowSources(of);
    }

    /** Number of new rows. */
    public int count() {
        return of.length;
    }

    /** Number of new rows that are zero. */
    public int zeros() {
        return (int) Arrays.stream(of).filter(sources -> sources.length == 0).count();
    }

    /** The same rows counted from {@code first} on. */
    public RowSources from(int first) {
        int[][] moved = new int[of.length][];
        Arrays.setAll(moved, i -> Arrays.stream(of[i]).map(row -> row + first).toArray());
        return new RowSources(moved);
    }

    /** These rows, then others. */
    public RowSources and(RowSources others) {
        int[][] both = Arrays.copyOf(of, of.length + others.of.length);
        System.arraycopy(others.of, 0, both, of.length, others.of.length);
        return new RowSources(both);
    }

    private boolean hasMeans() {
        return Arrays.stream(of).anyMatch(sources -> sources.length > 1);
    }

    /** The new tensor: first axis the rows. It has the old one's type, or float32 where there are means, which a narrow type would round. */
    public HostArray rows(HostArray tensor) {
        int[] shape = tensor.shape().clone();
        int size = shape[0] == 0 ? 0 : Math.toIntExact(tensor.elements() / shape[0]);
        shape[0] = of.length;
        return hasMeans() ? means(tensor, shape, size) : copies(tensor, shape, size);
    }

    private HostArray copies(HostArray tensor, int[] shape, int size) {
        int stride = size * tensor.dtype().bytes();
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(of.length, stride));
        for (int i = 0; i < of.length; i++) {
            if (of[i].length > 0) {
                bytes.put(i * stride, tensor.bytes(), of[i][0] * stride, stride);
            }
        }
        return new HostArray(tensor.dtype(), shape, bytes.order(ByteOrder.LITTLE_ENDIAN));
    }

    private HostArray means(HostArray tensor, int[] shape, int size) {
        float[] old = tensor.toFloats();
        float[] means = new float[of.length * size];
        for (int i = 0; i < of.length; i++) {
            for (int j = 0; j < size; j++) {
                double sum = 0;
                for (int row : of[i]) {
                    sum += old[row * size + j];
                }
                means[i * size + j] = of[i].length == 0 ? 0 : (float) (sum / of[i].length);
            }
        }
        return HostArray.ofFloats(means, shape);
    }

    /**
     * The same choice among the columns of a matrix.
     *
     * @throws IllegalArgumentException where there are means
     */
    public HostArray columns(HostArray matrix) {
        if (hasMeans()) {
            throw new IllegalArgumentException("columns are kept or not, never averaged");
        }
        int size = matrix.dtype().bytes();
        int outputs = matrix.shape()[0];
        int inputs = matrix.shape()[1];
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(outputs * of.length, size));
        for (int row = 0; row < outputs; row++) {
            for (int i = 0; i < of.length; i++) {
                if (of[i].length > 0) {
                    bytes.put((row * of.length + i) * size, matrix.bytes(), (row * inputs + of[i][0]) * size, size);
                }
            }
        }
        return new HostArray(matrix.dtype(), new int[] {outputs, of.length}, bytes.order(ByteOrder.LITTLE_ENDIAN));
    }
}
