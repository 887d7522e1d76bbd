package dev.coppice.worker.compute.cpu;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * Rows of tensors in arrays that stay in the first-level cache. The arrays are filled up to whole vectors, so that kernels
 * need no special case for a row's end; the row in the tensor is neither read nor written beyond its end.
 */
final class FloatRows {

    private FloatRows() {}

    /** An array for {@code count} elements and what fills up the last vector. */
    static float[] scratch(int count) {
        return new float[(count + Lanes.COUNT - 1) / Lanes.COUNT * Lanes.COUNT];
    }

    /** A new array of {@code count} elements from {@code index} on. */
    static float[] read(ByteBuffer from, int index, int count) {
        float[] row = scratch(count);
        load(from, index, count, row);
        return row;
    }

    static void load(ByteBuffer from, int index, int count, float[] to) {
        int whole = count - count % Lanes.COUNT;
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            Lanes.load(from, index + i).intoArray(to, i);
        }
        for (int i = whole; i < count; i++) {
            to[i] = from.getFloat((index + i) * Float.BYTES);
        }
    }

    static void store(float[] from, int count, ByteBuffer to, int index) {
        int whole = count - count % Lanes.COUNT;
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            Lanes.store(FloatVector.fromArray(Lanes.SPECIES, from, i), to, index + i);
        }
        for (int i = whole; i < count; i++) {
            to.putFloat((index + i) * Float.BYTES, from[i]);
        }
    }
}
