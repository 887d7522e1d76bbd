package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.ComputeMemoryException;
import org.bytedeco.cuda.cudart.CUmemLocation_v1;
import org.bytedeco.cuda.cudart.CUmemPoolHandle_st;
import org.bytedeco.cuda.cudart.CUmemPoolProps_v1;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Device memory of one stream, up to a limit. A block that is freed serves the stream's next operations at once; the GPU gets
 * its memory back when the pool is closed.
 */
final class DevicePool implements AutoCloseable {

    private static final long ALIGNMENT = 512;

    private final CUmemPoolHandle_st pool = new CUmemPoolHandle_st();
    private final CUstream_st stream;
    private final long limit;
    private final long[] address = new long[1];
    private long held;
    private long peak;

    DevicePool(CudaDevice device, CUstream_st stream, long limit) {
        this.stream = stream;
        this.limit = limit;
        try (CUmemPoolProps_v1 properties = new CUmemPoolProps_v1();
                CUmemLocation_v1 location = new CUmemLocation_v1();
                LongPointer threshold = new LongPointer(1)) {
            Pointer.memset(properties, 0, properties.sizeof());
            location.type(cudart.CU_MEM_LOCATION_TYPE_DEVICE).id(device.ordinal());
            properties.allocType(cudart.CU_MEM_ALLOCATION_TYPE_PINNED).location(location);
            CudaStatus.check(cudart.cuMemPoolCreate(pool, properties), "making a memory pool");
            threshold.put(-1L); // keeps all that has been freed
            CudaStatus.check(
                    cudart.cuMemPoolSetAttribute(pool, cudart.CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, threshold),
                    "setting up a memory pool");
        }
    }

    /** A block with undefined content. */
    DeviceMemory take(long bytes) {
        long size = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        if (held + size > limit) {
            throw new ComputeMemoryException("no room for " + mebibytes(size) + " more of tensors: this job may hold "
                    + mebibytes(limit) + " of the GPU's memory and holds " + mebibytes(held) + "; lower the batch");
        }
        int status = cudart.cuMemAllocFromPoolAsync(address, size, pool, stream);
        if (status == cudart.CUDA_ERROR_OUT_OF_MEMORY) { // what the pool keeps may lie in pieces: give it back and try
            // again
            CudaStatus.check(cudart.cuStreamSynchronize(stream), "waiting for the GPU");
            CudaStatus.check(cudart.cuMemPoolTrimTo(pool, 0), "giving memory back");
            status = cudart.cuMemAllocFromPoolAsync(address, size, pool, stream);
        }
        CudaStatus.check(
                status, "taking " + mebibytes(size) + " of GPU memory beside the " + mebibytes(held) + " held");
        held += size;
        peak = Math.max(peak, held);
        return new DeviceMemory(address[0], size);
    }

    /** Frees a block once what has been queued so far is done. */
    void giveBack(DeviceMemory memory) {
        CudaStatus.check(cudart.cuMemFreeAsync(memory.address(), stream), "freeing GPU memory");
        held -= memory.bytes();
    }

    long peak() {
        return peak;
    }

    private static String mebibytes(long bytes) {
        return (bytes + (1 << 20) - 1) / (1 << 20) + " MiB";
    }

    @Override
    public void close() {
        cudart.cuMemPoolDestroy(pool);
    }
}
