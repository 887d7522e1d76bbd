package dev.coppice.worker.weights;

import dev.coppice.worker.compute.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A tensor as torch describes it: a view of a storage.
 *
 * @param storage key of the storage
 * @param dtype type of the elements
 * @param offset of the first element in the storage, in elements
 * @param shape length of each axis, outermost first
 * @param strides steps between neighbours along each axis, in elements, at least 0
 */
record TorchTensor(String storage, DType dtype, long offset, int[] shape, int[] strides) {

    /** Bytes of its elements; Long.MAX_VALUE when they are beyond counting. */
    long bytes() {
        return TensorSize.bytes(dtype, shape);
    }

    /** First byte of its view of the storage. */
    long firstByte() {
        return TensorSize.times(offset, dtype.bytes());
    }

    /** Bytes from its first element to behind its last; 0 when it has none. */
    long spannedBytes() {
        if (bytes() == 0) {
            return 0;
        }
        long elements = 1;
        for (int i = 0; i < shape.length; i++) {
            elements = TensorSize.plus(elements, TensorSize.times(shape[i] - 1, strides[i]));
        }
        return TensorSize.times(elements, dtype.bytes());
    }

    /** Whether its elements lie one after another in row-major order. */
    boolean contiguous() {
        long expected = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            if (shape[i] != 1 && strides[i] != expected) {
                return false;
            }
            expected *= shape[i];
        }
        return true;
    }

    /** Its elements in row-major order, from the bytes that it spans. */
    ByteBuffer rowMajor(ByteBuffer spanned) {
        if (bytes() == 0 || contiguous()) {
            return spanned;
        }
        int size = dtype.bytes();
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(bytes())).order(ByteOrder.LITTLE_ENDIAN);
        int[] index = new int[shape.length];
        while (out.hasRemaining()) {
            long element = 0;
            for (int i = 0; i < index.length; i++) {
                element += (long) index[i] * strides[i];
            }
            out.put(out.position(), spanned, (int) element * size, size).position(out.position() + size);
            for (int i = shape.length - 1; i >= 0 && ++index[i] == shape[i]; i--) {
                index[i] = 0;
            }
        }
        return out.flip();
    }
}
