package dev.coppice.worker.compute.cpu;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * The end of a row that does not fill a vector. Its elements pass through a small array, so that they meet the same
 * arithmetic as all others and neighbouring rows stay untouched.
 */
final class RowTail {

    private final float[] scratch = new float[Lanes.COUNT];
    private final int whole;
    private final int rest;

    RowTail(int columns) {
        rest = columns % Lanes.COUNT;
        whole = columns - rest;
    }

    /** Columns in whole vectors. */
    int whole() {
        return whole;
    }

    /** Columns after them. */
    int rest() {
        return rest;
    }

    FloatVector load(ByteBuffer buffer, int index) {
        for (int i = 0; i < rest; i++) {
            scratch[i] = buffer.getFloat((index + i) * Float.BYTES);
        }
        return FloatVector.fromArray(Lanes.SPECIES, scratch, 0);
    }

    void store(FloatVector vector, ByteBuffer buffer, int index) {
        vector.intoArray(scratch, 0);
        for (int i = 0; i < rest; i++) {
            buffer.putFloat((index + i) * Float.BYTES, scratch[i]);
        }
    }
}
