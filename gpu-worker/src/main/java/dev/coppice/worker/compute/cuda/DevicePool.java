package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.ComputeMemoryException;
import dev.coppice.worker.compute.Mebibytes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Set;
import org.bytedeco.cuda.cudart.CUmemLocation_v1;
import org.bytedeco.cuda.cudart.CUmemPoolHandle_st;
import org.bytedeco.cuda.cudart.CUmemPoolProps_v1;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Device memory of one stream, up to a limit, which keeps what it once had until it is closed. Blocks that are freed serve the stream's next operations at once, some of them
 * without a call of the driver: those are kept by size, the sizes that were asked for last longest.
 */
final class DevicePool implements AutoCloseable {

    private static final long SMALL = 1L << 20;
    private static final long SMALL_STEP = 512;
    private static final long LARGE_STEP = 2L << 20;
    private static final long MOST_SPARE = 4L << 30;
    private static final int LIMIT_TO_SPARE = 8; // the limit is at least this many times what may be spare

    private final CudaDevice device;
    private final CUmemPoolHandle_st pool = new CUmemPoolHandle_st();
    private final CUstream_st stream;
    private final long limit;
    private final long[] address = new long[1];
    private final LinkedHashMap<Long, Deque<DeviceMemory>> spare = new LinkedHashMap<>(64, 0.75f, true);
    private final Set<Long> taken = new HashSet<>(); // addresses of all blocks, spare ones included
    private long spareBytes;
    private long held;
    private long peak;

    DevicePool(CudaDevice device, CUstream_st stream, long limit) {
        this.device = device;
        this.stream = stream;
        this.limit = limit;
        try (CUmemPoolProps_v1 properties = new CUmemPoolProps_v1();
                CUmemLocation_v1 location = new CUmemLocation_v1();
                LongPointer threshold = new LongPointer(1)) {
            Pointer.memset(properties, 0, properties.sizeof());
            location.type(cudart.CU_MEM_LOCATION_TYPE_DEVICE).id(device.ordinal());
            properties.allocType(cudart.CU_MEM_ALLOCATION_TYPE_PINNED).location(location);
            CudaStatus.check(cudart.cuMemPoolCreate(pool, properties), "making a memory pool");
            threshold.put(limit); // all that the job once had: mapping memory anew takes longer than most operations
            CudaStatus.check(
                    cudart.cuMemPoolSetAttribute(pool, cudart.CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, threshold),
                    "setting up a memory pool");
        }
    }

    /** A block with undefined content. */
    DeviceMemory take(long bytes) {
        long step = bytes < SMALL ? SMALL_STEP : LARGE_STEP;
        long size = (bytes + step - 1) / step * step;
        if (held + size > limit) {
            throw new ComputeMemoryException(
                    "no room for " + Mebibytes.needed(size) + " more of tensors: this job may hold "
                            + Mebibytes.needed(limit) + " of the GPU's memory and holds " + Mebibytes.needed(held)
                            + "; give it more by worker.device-memory or fewer jobs a GPU, or take a 16-bit worker.precision");
        }
        DeviceMemory memory = spare(size);
        if (memory == null) {
            memory = fresh(size);
        }
        held += size;
        peak = Math.max(peak, held);
        return memory;
    }

    private @Nullable DeviceMemory spare(long size) {
        Deque<DeviceMemory> sameSize = spare.get(size);
        DeviceMemory memory = sameSize == null ? null : sameSize.poll();
        if (memory != null) {
            spareBytes -= size;
        }
        return memory;
    }

    private DeviceMemory fresh(long size) {
        if (held + spareBytes + size > limit) {
            release(0);
        }
        int status = cudart.cuMemAllocFromPoolAsync(address, size, pool, stream);
        if (status == cudart.CUDA_ERROR_OUT_OF_MEMORY) { // what is spare may lie in pieces: give it back and try again
            release(0);
            CudaStatus.check(cudart.cuStreamSynchronize(stream), "waiting for the GPU");
            CudaStatus.check(cudart.cuMemPoolTrimTo(pool, 0), "giving memory back");
            status = cudart.cuMemAllocFromPoolAsync(address, size, pool, stream);
        }
        if (status == cudart.CUDA_ERROR_OUT_OF_MEMORY) {
            CudaStatus.check(
                    status,
                    "taking " + Mebibytes.needed(size) + " of GPU memory beside the " + Mebibytes.needed(held)
                            + " that this job holds; other jobs and programs leave "
                            + Mebibytes.needed(device.freeBytes()) + " free");
        }
        CudaStatus.check(status, "taking " + Mebibytes.needed(size) + " of GPU memory");
        taken.add(address[0]);
        return new DeviceMemory(address[0], size);
    }

    /** Frees a block once what has been queued so far is done. */
    void giveBack(DeviceMemory memory) {
        held -= memory.bytes();
        spareBytes += memory.bytes();
        spare.computeIfAbsent(memory.bytes(), size -> new ArrayDeque<>()).push(memory);
        release(Math.min(MOST_SPARE, limit / LIMIT_TO_SPARE));
    }

    /** Gives spare blocks to the driver until no more than {@code most} bytes are left, those longest unused first. */
    private void release(long most) {
        Iterator<Deque<DeviceMemory>> oldest = spare.values().iterator();
        while (spareBytes > most && oldest.hasNext()) {
            Deque<DeviceMemory> sameSize = oldest.next();
            while (spareBytes > most && !sameSize.isEmpty()) {
                DeviceMemory memory = sameSize.pop();
                spareBytes -= memory.bytes();
                taken.remove(memory.address());
                CudaStatus.check(cudart.cuMemFreeAsync(memory.address(), stream), "freeing GPU memory");
            }
            if (sameSize.isEmpty()) {
                oldest.remove();
            }
        }
    }

    long peak() {
        return peak;
    }

    /** Gives back every block, whoever holds it: a pool lives on as long as one of its blocks does. */
    @Override
    public void close() {
        taken.forEach(block -> cudart.cuMemFreeAsync(block, stream));
        cudart.cuStreamSynchronize(stream);
        cudart.cuMemPoolDestroy(pool);
    }
}
