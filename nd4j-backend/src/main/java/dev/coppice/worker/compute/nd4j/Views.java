package dev.coppice.worker.compute.nd4j;

import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Other shapes of an array's elements, never copies. A view takes ND4J as long as a small operation, and native memory until the
 * garbage collector finds it; those of arrays that an {@link Arena} hands out again and again are kept with the array.
 */
final class Views {

    private static final int MOST = 512; // of one array
    private static final Map<DataBuffer, Map<Form, INDArray>> KEPT = new IdentityHashMap<>();

    private Views() {}

    /** Keeps views of {@code array}, which is none itself, until it is forgotten. */
    static void keep(INDArray array) {
        synchronized (KEPT) {
            KEPT.put(array.data(), new HashMap<>());
        }
    }

    static void forget(INDArray array) {
        synchronized (KEPT) {
            KEPT.remove(array.data());
        }
    }

    /** How elements lie in the whole array. */
    private record Form(long offset, long[] shape, long[] stride) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Form form
                    && offset == form.offset
                    && Arrays.equals(shape, form.shape)
                    && Arrays.equals(stride, form.stride);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(offset) + 31 * (Arrays.hashCode(shape) + 31 * Arrays.hashCode(stride));
        }
    }

    /**
     * The elements from {@code offset} on, in this shape and at these distances. (INDArray.get loses the elements of a view of a view
     * whose offset is beyond its length; this always goes back to the whole.)
     */
    static INDArray of(INDArray array, long offset, long[] shape, long[] stride) {
        DataBuffer own = array.data();
        DataBuffer whole = own.originalDataBuffer() == null ? own : own.originalDataBuffer();
        Map<Form, INDArray> kept;
        synchronized (KEPT) {
            kept = KEPT.get(whole);
        }
        if (kept == null) {
            return Nd4j.create(whole, shape, stride, offset, 'c', array.dataType());
        }
        if (kept.size() >= MOST) {
            kept.clear();
        }
        return kept.computeIfAbsent(
                new Form(offset, shape, stride),
                form -> Nd4j.create(whole, shape, stride, offset, 'c', array.dataType()));
    }

    /** The same elements in another shape, row-major. */
    static INDArray reshaped(INDArray array, long... shape) {
        return of(array, array.offset(), shape, strides(array.shape(), array.stride(), shape));
    }

    /** Axes in another order. */
    static INDArray permuted(INDArray array, int... axes) {
        long[] shape = new long[axes.length];
        long[] stride = new long[axes.length];
        for (int i = 0; i < axes.length; i++) {
            shape[i] = array.size(axes[i]);
            stride[i] = array.stride(axes[i]);
        }
        return of(array, array.offset(), shape, stride);
    }

    /**
     * Distances along the axes of a new shape of elements that lie at {@code stride} along the axes of {@code shape}. Old and new axes
     * are matched in groups of equally many elements; within a group the old ones must follow each other without gaps.
     *
     * @throws IllegalArgumentException when only a copy could have that shape
     */
    static long[] strides(long[] shape, long[] stride, long[] wanted) {
        long[] out = new long[wanted.length];
        int old = 0; // first old axis of the group
        int own = 0; // first new axis of the group
        while (own < wanted.length) {
            int oldEnd = old;
            int ownEnd = own + 1;
            long held = 1;
            long asked = wanted[own];
            while (held != asked) {
                if (held < asked) {
                    require(oldEnd < shape.length, shape, wanted);
                    held *= shape[oldEnd++];
                } else {
                    require(ownEnd < wanted.length, shape, wanted);
                    asked *= wanted[ownEnd++];
                }
            }
            long distance = distance(shape, stride, wanted, old, oldEnd);
            for (int axis = ownEnd - 1; axis >= own; axis--) {
                out[axis] = distance;
                distance *= wanted[axis];
            }
            old = oldEnd;
            own = ownEnd;
        }
        for (int axis = old; axis < shape.length; axis++) {
            require(shape[axis] == 1, shape, wanted);
        }
        return out;
    }

    /** Distance of neighbours among the elements of some axes, taken as one axis. */
    private static long distance(long[] shape, long[] stride, long[] wanted, int from, int to) {
        long innermost = 1;
        long next = 0; // distance that the axis before must have; 0 before the first
        for (int axis = to - 1; axis >= from; axis--) {
            if (shape[axis] != 1) {
                require(next == 0 || stride[axis] == next, shape, wanted);
                innermost = next == 0 ? stride[axis] : innermost;
                next = stride[axis] * shape[axis];
            }
        }
        return innermost;
    }

    private static void require(boolean condition, long[] shape, long[] wanted) {
        if (!condition) {
            throw new IllegalArgumentException(
                    "elements of shape " + Arrays.toString(shape) + " do not lie as " + Arrays.toString(wanted));
        }
    }
}
