package dev.coppice.worker.compute;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A row-major, little-endian array in host memory, such as a tensor of a memory-mapped checkpoint. It is read-only.
 *
 * @param dtype type of the elements
 * @param shape length of each axis, outermost first; empty for a scalar
 * @param bytes the elements, little-endian, from position 0 to the limit
 */
public record HostArray(DType dtype, int[] shape, ByteBuffer bytes) {

    /** A float32 array of these values, copied. */
    public static HostArray ofFloats(float[] values, int... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        HostArray array = new HostArray(DType.FLOAT32, shape, bytes);
        Lengths.check("values", values.length, array.elements());
        return array;
    }

    /** Number of elements. */
    public long elements() {
        long product = 1;
        for (int length : shape) {
            product = Math.multiplyExact(product, (long) length);
        }
        return product;
    }

    /** Rows {@code from} to {@code from + count} of a matrix, in place. */
    public HostArray rows(int from, int count) {
        int columns = shape[1];
        int stride = columns * dtype.bytes();
        ByteBuffer part = bytes.slice(from * stride, count * stride).order(ByteOrder.LITTLE_ENDIAN);
        return new HostArray(dtype, new int[] {count, columns}, part);
    }

    /**
     * The elements as float32, exactly widened from 16-bit types.
     *
     * @throws IllegalArgumentException when the type is not a floating one, or float64
     */
    public float[] toFloats() {
        return HostArrays.floats(this);
    }

    /**
     * The elements as float64, exactly widened.
     *
     * @throws IllegalArgumentException when the type is not a floating one
     */
    public double[] toDoubles() {
        return HostArrays.doubles(this);
    }

    /**
     * The elements as int32.
     *
     * @throws IllegalArgumentException when the type is not an integer one or a value does not fit
     */
    public int[] toInts() {
        return HostArrays.ints(this);
    }
}
