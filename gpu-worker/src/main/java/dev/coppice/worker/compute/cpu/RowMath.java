package dev.coppice.worker.compute.cpu;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Short rows of tensors times a factor; nothing beyond a row's end is written. Positions and counts are in floats. */
final class RowMath {

    private RowMath() {}

    /** to += factor * from. */
    static void addScaled(ByteBuffer from, int index, int count, float factor, ByteBuffer to, int toIndex) {
        int whole = count - count % Lanes.COUNT;
        FloatVector factors = Lanes.broadcast(factor);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            Lanes.store(Lanes.load(from, index + i).fma(factors, Lanes.load(to, toIndex + i)), to, toIndex + i);
        }
        for (int i = whole; i < count; i++) {
            int at = (toIndex + i) * Float.BYTES;
            to.putFloat(at, to.getFloat(at) + factor * from.getFloat((index + i) * Float.BYTES));
        }
    }

    /** to = factor * from. */
    static void scaled(ByteBuffer from, int index, int count, float factor, ByteBuffer to, int toIndex) {
        int whole = count - count % Lanes.COUNT;
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            Lanes.store(Lanes.load(from, index + i).mul(factor), to, toIndex + i);
        }
        for (int i = whole; i < count; i++) {
            to.putFloat((toIndex + i) * Float.BYTES, factor * from.getFloat((index + i) * Float.BYTES));
        }
    }

    /** x *= factor. */
    static void scale(ByteBuffer x, int index, int count, float factor) {
        scaled(x, index, count, factor, x, index);
    }

    /** to = from * factors, both from {@code index} on. */
    static void multiply(ByteBuffer from, int index, float[] factors, int count, ByteBuffer to) {
        int whole = count - count % Lanes.COUNT;
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            Lanes.store(
                    Lanes.load(from, index + i).mul(FloatVector.fromArray(Lanes.SPECIES, factors, i)), to, index + i);
        }
        for (int i = whole; i < count; i++) {
            int at = (index + i) * Float.BYTES;
            to.putFloat(at, from.getFloat(at) * factors[i]);
        }
    }
}
