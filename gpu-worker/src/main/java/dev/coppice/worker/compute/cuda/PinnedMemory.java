package dev.coppice.worker.compute.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Page-locked host memory of a process. Taking it and giving it back stops all that runs on the GPU, and takes longer than a small
 * job: what a job leaves serves the next one.
 */
final class PinnedMemory {

    private static final Map<Long, Deque<BytePointer>> LEFT = new HashMap<>(); // by size

    private PinnedMemory() {}

    /** A block with undefined content, for copies to and from any GPU. */
    static BytePointer take(long bytes) {
        synchronized (LEFT) {
            Deque<BytePointer> left = LEFT.get(bytes);
            BytePointer known = left == null ? null : left.poll();
            if (known != null) {
                return known;
            }
        }
        try (PointerPointer<BytePointer> place = new PointerPointer<>(1)) {
            CudaStatus.check(
                    cudart.cuMemHostAlloc(place, bytes, cudart.CU_MEMHOSTALLOC_PORTABLE),
                    "taking " + bytes + " bytes of page-locked memory");
            return place.get(BytePointer.class, 0).capacity(bytes);
        }
    }

    /** Leaves a block that no copy uses any more to others. */
    static void leave(BytePointer block) {
        synchronized (LEFT) {
            LEFT.computeIfAbsent(block.capacity(), bytes -> new ArrayDeque<>()).push(block);
        }
    }
}
