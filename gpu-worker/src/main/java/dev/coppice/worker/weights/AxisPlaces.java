package dev.coppice.worker.weights;

import dev.coppice.worker.compute.HostArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Stored arrays without some of the places of an axis, in their stored type. */
public final class AxisPlaces {

    private AxisPlaces() {}

    /** A copy of {@code array} with zeros wherever {@code keep}, (length of the axis), is false. */
    public static HostArray zeroed(HostArray array, int axis, boolean[] keep) {
        Layout layout = Layout.of(array, axis, keep);
        ByteBuffer copy = ByteBuffer.allocate(array.bytes().remaining()).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(array.bytes().duplicate()).flip();
        byte[] zeros = new byte[layout.innerBytes];
        for (int outer = 0; outer < layout.outer; outer++) {
            for (int place = 0; place < keep.length; place++) {
                if (!keep[place]) {
                    copy.put(layout.at(outer, place), zeros);
                }
            }
        }
        return new HostArray(array.dtype(), array.shape(), copy);
    }

    /** {@code array} without the places where {@code keep}, (length of the axis), is false. */
    public static HostArray kept(HostArray array, int axis, boolean[] keep) {
        Layout layout = Layout.of(array, axis, keep);
        int[] shape = array.shape().clone();
        shape[axis] = 0;
        for (boolean stays : keep) {
            shape[axis] += stays ? 1 : 0;
        }
        ByteBuffer smaller = ByteBuffer.allocate(layout.outer * shape[axis] * layout.innerBytes)
                .order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer from = array.bytes().slice();
        for (int outer = 0; outer < layout.outer; outer++) {
            for (int place = 0; place < keep.length; place++) {
                if (keep[place]) {
                    smaller.put(from.slice(layout.at(outer, place), layout.innerBytes));
                }
            }
        }
        return new HostArray(array.dtype(), shape, smaller.flip());
    }

    /** The array as (outer, places, inner). */
    private record Layout(int outer, int places, int innerBytes) {

        static Layout of(HostArray array, int axis, boolean[] keep) {
            int[] shape = array.shape();
            if (shape[axis] != keep.length) {
                throw new IllegalArgumentException(
                        "a choice of " + keep.length + " places for an axis of " + shape[axis]);
            }
            int outer = 1;
            int inner = array.dtype().bytes();
            for (int i = 0; i < shape.length; i++) {
                outer = Math.multiplyExact(outer, i < axis ? shape[i] : 1);
                inner = Math.multiplyExact(inner, i > axis ? shape[i] : 1);
            }
            return new Layout(outer, keep.length, inner);
        }

        int at(int outerIndex, int place) {
            return (outerIndex * places + place) * innerBytes;
        }
    }
}
