package dev.coppice.worker.compute.cpu;

import java.nio.ByteBuffer;

/** Moving floats between tensors' memory; positions and counts are in floats. */
final class Memory {

    /** Floats that are copied on from the first-level cache. */
    private static final int REPEATED = 4096;

    private Memory() {}

    static void copy(ByteBuffer from, int fromIndex, ByteBuffer to, int toIndex, int count) {
        to.put(toIndex * Float.BYTES, from, fromIndex * Float.BYTES, count * Float.BYTES);
    }

    /** The first {@code count} floats of {@code from}, {@code times} times in a row; what is there already is doubled. */
    static void repeat(ByteBuffer from, int count, ByteBuffer to, int times) {
        if (times > 0) {
            copy(from, 0, to, 0, count);
        }
        int most = Math.max(1, REPEATED / Math.max(1, count));
        for (int done = 1; done < times; ) {
            int more = Math.min(Math.min(done, most), times - done);
            copy(to, 0, to, done * count, more * count);
            done += more;
        }
    }

    static void zero(ByteBuffer to, int index, int count) {
        for (int i = index; i < index + count; i++) {
            to.putFloat(i * Float.BYTES, 0f);
        }
    }
}
