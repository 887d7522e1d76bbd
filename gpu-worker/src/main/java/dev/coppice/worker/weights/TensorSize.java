package dev.coppice.worker.weights;

import dev.coppice.worker.compute.DType;

/** Sizes that a file claims, without overflow. */
final class TensorSize {

    private TensorSize() {}

    /** Bytes of a tensor; Long.MAX_VALUE when they are beyond counting. */
    static long bytes(DType dtype, int[] shape) {
        long bytes = dtype.bytes();
        for (int axis : shape) {
            bytes = times(bytes, axis);
        }
        return bytes;
    }

    /** a b for a, b of at least 0, at most Long.MAX_VALUE. */
    static long times(long a, long b) {
        return Math.multiplyHigh(a, b) == 0 && a * b >= 0 ? a * b : Long.MAX_VALUE;
    }

    /** a + b for a, b of at least 0, at most Long.MAX_VALUE. */
    static long plus(long a, long b) {
        return a + b < 0 ? Long.MAX_VALUE : a + b;
    }
}
