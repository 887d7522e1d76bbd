package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.ComputeMemoryException;
import dev.coppice.worker.compute.Mebibytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Arrays by scope. What a scope frees serves the next arrays of the same length, so that batches of one shape take no fresh
 * memory: fresh pages are what small operations spend their time on.
 */
final class Arena implements AutoCloseable {

    private static final long MAX_SPARE_BYTES = 512L << 20;

    private final long limit;
    private final Deque<List<Block>> scopes = new ArrayDeque<>();
    private final Map<Long, Deque<INDArray>> spare = new HashMap<>(); // flat float32 arrays, by length
    private long spareBytes;
    private long held;
    private long peak;

    /**
     * An arena without arrays.
     *
     * @param limit bytes that its arrays may take together
     */
    Arena(long limit) {
        this.limit = limit;
    }

    /**
     * An array of the arena.
     *
     * @param flat what holds its elements
     * @param reusable whether it was made here, so that it may serve again
     */
    private record Block(INDArray flat, boolean reusable) {

        long bytes() {
            return flat.length() * flat.dataType().width();
        }
    }

    /** Opens a scope; the number is what {@link #close(int, Set)} takes. */
    int open() {
        scopes.push(new ArrayList<>());
        return scopes.size();
    }

    /** Closes scope {@code depth}, the innermost one; arrays in {@code kept} move to the scope around it. */
    void close(int depth, Set<INDArray> kept) {
        if (scopes.size() != depth) {
            throw new IllegalStateException("scope " + depth + " is closed while scope " + scopes.size() + " is open");
        }
        for (Block block : scopes.pop()) {
            if (kept.contains(block.flat())) {
                top().add(block);
            } else {
                free(block);
            }
        }
    }

    /** Does work whose own arrays are freed after it. */
    void within(Runnable work) {
        int depth = open();
        try {
            work.run();
        } finally {
            close(depth, Set.of());
        }
    }

    private List<Block> top() {
        List<Block> top = scopes.peek();
        if (top == null) {
            throw new IllegalStateException("no scope is open: a tensor would never be freed");
        }
        return top;
    }

    /** A flat float32 array with undefined content. */
    INDArray take(long length) {
        Deque<INDArray> known = spare.get(length);
        INDArray reused = known == null ? null : known.poll();
        if (reused == null) {
            return hold(length * Float.BYTES, true, () -> Nd4j.createUninitialized(DataType.FLOAT, length));
        }
        Block block = new Block(reused, true);
        spareBytes -= block.bytes();
        count(block);
        return reused;
    }

    /**
     * An array that ND4J makes, freed with the scope.
     *
     * @param bytes that it will take
     */
    INDArray own(long bytes, Supplier<INDArray> making) {
        return hold(bytes, false, making);
    }

    private INDArray hold(long bytes, boolean reusable, Supplier<INDArray> making) {
        if (held + spareBytes + bytes > limit) {
            forgetSpare();
        }
        if (held + bytes > limit) {
            throw tooMuch(bytes);
        }
        try {
            Block block = new Block(making.get(), reusable);
            Views.keep(block.flat());
            count(block);
            return block.flat();
        } catch (OutOfMemoryError e) {
            forgetSpare();
            throw tooMuch(bytes);
        }
    }

    private ComputeMemoryException tooMuch(long bytes) {
        return new ComputeMemoryException("no room for " + Mebibytes.needed(bytes)
                + " more of tensors on the nd4j backend: this job "
                + (limit == Long.MAX_VALUE ? "" : "may hold " + Mebibytes.needed(limit) + " and ") + "holds "
                + Mebibytes.needed(held)
                + "; give it more (docs/gpu.md), or run fewer jobs at a time");
    }

    private void count(Block block) {
        top().add(block);
        held += block.bytes();
        peak = Math.max(peak, held);
    }

    private void free(Block block) {
        long bytes = block.bytes();
        held -= bytes;
        if (block.reusable() && spareBytes + bytes <= MAX_SPARE_BYTES) {
            spare.computeIfAbsent(block.flat().length(), any -> new ArrayDeque<>())
                    .push(block.flat());
            spareBytes += bytes;
        } else {
            release(block.flat());
        }
    }

    private static void release(INDArray flat) {
        Views.forget(flat);
        flat.close();
    }

    private void forgetSpare() {
        spare.values().forEach(arrays -> arrays.forEach(Arena::release));
        spare.clear();
        spareBytes = 0;
    }

    /** Highest number of bytes taken at one time. */
    long peak() {
        return peak;
    }

    @Override
    public void close() {
        while (!scopes.isEmpty()) {
            close(scopes.size(), Set.of());
        }
        forgetSpare();
    }
}
