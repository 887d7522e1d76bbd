package dev.coppice.worker.compute.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/**
 * Page-locked host memory in slots that are used in turn, so that the processor fills one while the GPU reads another. Nothing
 * is taken before the first use.
 */
final class PinnedRing implements AutoCloseable {

    private final CUstream_st stream;
    private final int slotBytes;
    private final CUevent_st[] events;
    private @Nullable BytePointer memory;
    private int current;

    PinnedRing(CUstream_st stream, int slots, int slotBytes) {
        this.stream = stream;
        this.slotBytes = slotBytes;
        events = new CUevent_st[slots];
    }

    /** Length of a slot. */
    int slotBytes() {
        return slotBytes;
    }

    /** The next slot, once what was last copied from it has arrived. */
    ByteBuffer next() {
        BytePointer all = memory == null ? open() : memory;
        current = (current + 1) % events.length;
        CudaStatus.check(cudart.cuEventSynchronize(events[current]), "waiting for an upload");
        return slot(all).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** Queues the copy of the present slot's first bytes to the device. */
    void upload(long address, long bytes) {
        CudaStatus.check(cudart.cuMemcpyHtoDAsync(address, slot(opened()), bytes, stream), "uploading");
        CudaStatus.check(cudart.cuEventRecord(events[current], stream), "uploading");
    }

    /** Copies from the device into the present slot, and waits for it. */
    void download(long address, long bytes) {
        CudaStatus.check(cudart.cuMemcpyDtoHAsync(slot(opened()), address, bytes, stream), "downloading");
        CudaStatus.check(cudart.cuStreamSynchronize(stream), "waiting for the GPU");
    }

    /** Queues a copy from the device into the next slot, and tells which that is. */
    int fetch(long address, long bytes) {
        next();
        CudaStatus.check(cudart.cuMemcpyDtoHAsync(slot(opened()), address, bytes, stream), "downloading");
        CudaStatus.check(cudart.cuEventRecord(events[current], stream), "downloading");
        return current;
    }

    /** A slot, once what was fetched is there. */
    ByteBuffer fetched(int slot) {
        CudaStatus.check(cudart.cuEventSynchronize(events[slot]), "waiting for a download");
        return slot(opened(), slot).asByteBuffer().slice();
    }

    private BytePointer slot(BytePointer all) {
        return slot(all, current);
    }

    private BytePointer slot(BytePointer all, int number) {
        long from = (long) number * slotBytes;
        return new BytePointer(all).position(from).limit(from + slotBytes);
    }

    private BytePointer opened() {
        if (memory == null) {
            throw new IllegalStateException("no slot has been asked for");
        }
        return memory;
    }

    private BytePointer open() {
        BytePointer taken = PinnedMemory.take((long) slotBytes * events.length);
        for (int i = 0; i < events.length; i++) {
            events[i] = new CUevent_st();
            CudaStatus.check(cudart.cuEventCreate(events[i], cudart.CU_EVENT_DISABLE_TIMING), "making an event");
        }
        memory = taken;
        return taken;
    }

    /** The stream has been waited for. */
    @Override
    public void close() {
        if (memory != null) {
            PinnedMemory.leave(memory);
            for (CUevent_st event : events) {
                cudart.cuEventDestroy(event);
            }
            memory = null;
        }
    }
}
