package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Tensor;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A float32 array outside the heap, where OpenBLAS reads it without a copy.
 *
 * @param shape length of each axis, outermost first
 * @param buffer the elements in native byte order, from position 0; a few bytes beyond the last may belong to padding
 * @param pointer the same memory for native calls
 */
record CpuTensor(int[] shape, ByteBuffer buffer, FloatPointer pointer) implements Tensor {

    /** The tensor as this backend's own. */
    static CpuTensor of(Tensor tensor) {
        if (tensor instanceof CpuTensor own) {
            return own;
        }
        throw new IllegalArgumentException(
                "a tensor of " + tensor.getClass().getSimpleName() + " is not one of the cpu backend");
    }

    /** Number of elements, which is known to fit in an int. */
    int size() {
        return Math.toIntExact(elements());
    }

    /** Native address of the element with this index. */
    FloatPointer at(long index) {
        return new FloatPointer(pointer).position(pointer.position() + index);
    }

    /** Length of the axis {@code fromLast}, counted from the innermost, which is 0; 1 where there is no such axis. */
    int axis(int fromLast) {
        return fromLast < shape.length ? shape[shape.length - 1 - fromLast] : 1;
    }
}
