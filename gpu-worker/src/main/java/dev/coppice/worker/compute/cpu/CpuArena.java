package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.ComputeMemoryException;
import dev.coppice.worker.compute.Scope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Memory of one lane's tensors: a stack of large chunks. A scope is a place on the stack, closing it releases everything
 * above, and the memory, warm in the cache, serves the next tensors. Nothing is taken before the first tensor.
 */
final class CpuArena implements AutoCloseable {

    private static final long CHUNK_BYTES = 4L << 20;
    private static final long MAX_CHUNK_BYTES = Integer.MAX_VALUE - 4096L; // a ByteBuffer's reach
    private static final int ALIGNMENT = 64;
    private static final int MOVED = 1 << 18; // floats of a piece of a copy

    private final List<Chunk> chunks = new ArrayList<>();
    private final MemoryMeter meter;
    private int current = -1;
    private long used; // bytes of the current chunk
    private int openScopes;

    CpuArena(MemoryMeter meter) {
        this.meter = meter;
    }

    private record Chunk(BytePointer memory, ByteBuffer buffer, long bytes) {}

    /** Opens a scope; closing it releases what was allocated since. */
    Scope scope() {
        int chunk = current;
        long place = used;
        int depth = ++openScopes;
        return () -> {
            if (openScopes != depth) {
                throw new IllegalStateException("scope " + depth + " is closed while scope " + openScopes + " is open");
            }
            openScopes--;
            current = chunk;
            used = place;
        };
    }

    /** A tensor with undefined content. */
    CpuTensor allocate(int... shape) {
        if (openScopes == 0) {
            throw new IllegalStateException("no scope is open: a tensor would never be freed");
        }
        long elements = 1;
        for (int length : shape) {
            elements = Math.multiplyExact(elements, (long) length);
        }
        long bytes = Math.max(ALIGNMENT, (elements * Float.BYTES + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        if (bytes > MAX_CHUNK_BYTES) {
            throw new ComputeMemoryException("a tensor of " + bytes
                    + " bytes is over the 2 GiB that one may have: sequences are too long, or too many at a time");
        }
        while (current < 0 || used + bytes > chunks.get(current).bytes()) {
            if (current + 1 == chunks.size()) {
                chunks.add(newChunk(Math.max(bytes, CHUNK_BYTES)));
            }
            current++;
            used = 0;
        }
        Chunk chunk = chunks.get(current);
        ByteBuffer buffer = chunk.buffer().slice((int) used, (int) bytes).order(ByteOrder.nativeOrder());
        FloatPointer pointer = new FloatPointer(chunk.memory());
        pointer.position(used / Float.BYTES);
        used += bytes;
        return new CpuTensor(shape, buffer, pointer);
    }

    /**
     * Copies, in the present scope, of tensors whose scope has just been released: they are still intact, as nothing has been
     * allocated since. From the bottom of the stack up, so that a copy overlaps nothing but what it is copied from.
     */
    List<CpuTensor> moved(List<CpuTensor> released, Workers workers) {
        Map<CpuTensor, CpuTensor> copies = new IdentityHashMap<>();
        released.stream().distinct().sorted(fromTheBottom()).forEach(tensor -> {
            CpuTensor copy = allocate(tensor.shape().clone());
            move(tensor, copy, workers);
            copies.put(tensor, copy);
        });
        return released.stream()
                .map(tensor -> Objects.requireNonNull(copies.get(tensor)))
                .toList();
    }

    /** Copies; a large tensor, where it does not overlap with its copy, piece by piece. */
    private static void move(CpuTensor from, CpuTensor to, Workers workers) {
        int size = from.size();
        long gap = Math.abs(placeOf(from) - placeOf(to));
        if (size < 2 * MOVED || gap < (long) size * Float.BYTES) {
            Memory.copy(from.buffer(), 0, to.buffer(), 0, size);
            return;
        }
        workers.run(Workers.pieces(size, MOVED), (piece, scratch) -> {
            int at = piece * MOVED;
            Memory.copy(from.buffer(), at, to.buffer(), at, Math.min(MOVED, size - at));
        });
    }

    private static long placeOf(CpuTensor tensor) {
        return tensor.pointer().address() + tensor.pointer().position() * Float.BYTES;
    }

    private Comparator<CpuTensor> fromTheBottom() {
        return Comparator.comparingInt(this::chunkOf)
                .thenComparingLong(tensor -> tensor.pointer().position());
    }

    private int chunkOf(CpuTensor tensor) {
        for (int i = 0; i < chunks.size(); i++) {
            BytePointer memory = chunks.get(i).memory();
            if (new FloatPointer(memory).address() == tensor.pointer().address()) {
                return i;
            }
        }
        return -1; // of an outer compute, which lies below all of this one's
    }

    private Chunk newChunk(long bytes) {
        meter.take(bytes);
        try {
            BytePointer raw = new BytePointer(bytes + ALIGNMENT);
            long slack = (ALIGNMENT - raw.address() % ALIGNMENT) % ALIGNMENT;
            ByteBuffer buffer = raw.position(slack).limit(slack + bytes).asByteBuffer();
            return new Chunk(raw, buffer, bytes);
        } catch (OutOfMemoryError e) {
            meter.giveBack(bytes);
            throw new ComputeMemoryException("no host memory for " + bytes + " bytes of tensors: " + e.getMessage());
        }
    }

    /** Gives all memory back; every tensor of this arena is void then. */
    @Override
    public void close() {
        for (Chunk chunk : chunks) {
            meter.giveBack(chunk.bytes());
            chunk.memory().deallocate();
        }
        chunks.clear();
        current = -1;
        used = 0;
    }
}
