package dev.coppice.worker.compute.cuda;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUstream_st;

/**
 * Arrays of the host that kernels read. The last ones stay on the device, since the layers of a model ask for the same again and
 * again: where sequences begin, which rows are scored.
 */
final class Uploads implements AutoCloseable {

    private static final int SMALL_SLOTS = 64;
    private static final int SMALL_BYTES = 64 << 10;
    private static final int LARGE_SLOTS = 2;
    private static final int LARGE_BYTES = 16 << 20;
    private static final long KEPT_BYTES = 64L << 20;
    private static final int KEPT_ARRAYS = 4096;
    private static final int OF_ONE_OPERATION = 16; // never given up, as a launch may be about to read them

    private final DevicePool pool;
    private final PinnedRing small;
    private final PinnedRing large;
    private final LinkedHashMap<Content, DeviceMemory> kept = new LinkedHashMap<>(64, 0.75f, true);
    private long keptBytes;

    /** Bits of an array, equal when they all are. */
    private record Content(int[] bits, int hash) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Content content && hash == content.hash && Arrays.equals(bits, content.bits);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    Uploads(CUstream_st stream, DevicePool pool) {
        this.pool = pool;
        small = new PinnedRing(stream, SMALL_SLOTS, SMALL_BYTES);
        large = new PinnedRing(stream, LARGE_SLOTS, LARGE_BYTES);
    }

    /** Device address of these 32-bit values; it holds for the operation that asks. */
    long address(int[] bits) {
        Content content = new Content(bits, Arrays.hashCode(bits));
        DeviceMemory known = kept.get(content);
        if (known == null) {
            known = pool.take((long) Math.max(1, bits.length) * Integer.BYTES);
            write(known.address(), bits);
            kept.put(new Content(bits.clone(), content.hash()), known);
            keptBytes += known.bytes();
            giveUpOldest();
        }
        return known.address();
    }

    /** Copies 32-bit values to the device. */
    void write(long address, int[] bits) {
        PinnedRing ring = (long) bits.length * Integer.BYTES <= SMALL_BYTES ? small : large;
        int step = ring.slotBytes() / Integer.BYTES;
        for (int from = 0; from < bits.length; from += step) {
            int count = Math.min(step, bits.length - from);
            ring.next().asIntBuffer().put(bits, from, count);
            ring.upload(address + (long) from * Integer.BYTES, (long) count * Integer.BYTES);
        }
    }

    /** Copies a buffer, such as a mapped file's part, to the device. */
    void write(long address, ByteBuffer bytes) {
        ByteBuffer source = bytes.duplicate();
        int length = source.remaining();
        for (int from = 0; from < length; from += LARGE_BYTES) {
            int count = Math.min(LARGE_BYTES, length - from);
            large.next().put(source.limit(source.position() + count));
            large.upload(address + from, count);
        }
    }

    /** Copies 32-bit values from the device, waiting for them. */
    int[] read(long address, int count) {
        int[] bits = new int[count];
        int step = LARGE_BYTES / Integer.BYTES;
        for (int from = 0; from < count; from += step) {
            int part = Math.min(step, count - from);
            ByteBuffer slot = large.next();
            large.download(address + (long) from * Integer.BYTES, (long) part * Integer.BYTES);
            slot.asIntBuffer().get(bits, from, part);
        }
        return bits;
    }

    /** Copies as many bytes from the device as a buffer holds; one part is taken out while the next is on its way. */
    void read(long address, ByteBuffer into) {
        ByteBuffer target = into.duplicate().clear();
        int length = target.remaining();
        int coming = large.fetch(address, Math.min(LARGE_BYTES, length));
        for (int from = 0; from < length; from += LARGE_BYTES) {
            int following = from + LARGE_BYTES;
            int next = following < length
                    ? large.fetch(address + following, Math.min(LARGE_BYTES, length - following))
                    : coming;
            target.put(large.fetched(coming).limit(Math.min(LARGE_BYTES, length - from)));
            coming = next;
        }
    }

    private void giveUpOldest() {
        Iterator<Map.Entry<Content, DeviceMemory>> oldest = kept.entrySet().iterator();
        while ((keptBytes > KEPT_BYTES || kept.size() > KEPT_ARRAYS) && kept.size() > OF_ONE_OPERATION) {
            DeviceMemory memory = oldest.next().getValue();
            oldest.remove();
            keptBytes -= memory.bytes();
            pool.giveBack(memory);
        }
    }

    @Override
    public void close() {
        small.close();
        large.close();
    }
}
