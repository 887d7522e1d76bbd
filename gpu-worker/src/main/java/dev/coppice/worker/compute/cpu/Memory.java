package dev.coppice.worker.compute.cpu;

import java.nio.ByteBuffer;

/** Moving floats between tensors' memory; positions and counts are in floats. */
final class Memory {

    private Memory() {}

    static void copy(ByteBuffer from, int fromIndex, ByteBuffer to, int toIndex, int count) {
        to.put(toIndex * Float.BYTES, from, fromIndex * Float.BYTES, count * Float.BYTES);
    }

    static void zero(ByteBuffer to, int index, int count) {
        for (int i = index; i < index + count; i++) {
            to.putFloat(i * Float.BYTES, 0f);
        }
    }
}
