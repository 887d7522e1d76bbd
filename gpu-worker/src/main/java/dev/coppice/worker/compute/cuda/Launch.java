package dev.coppice.worker.compute.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Launches of kernels into one stream. The same object serves all of them, one after the other: {@code of} begins one, {@code run}
 * queues it and does not wait. Parameters are given in the kernel's order.
 */
final class Launch implements AutoCloseable {

    private static final int MAX_PARAMETERS = 64;

    private final CUstream_st stream;
    private final BytePointer memory = new BytePointer((long) MAX_PARAMETERS * Long.BYTES);
    private final ByteBuffer values = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    private final PointerPointer<Pointer> slots = new PointerPointer<>(MAX_PARAMETERS);
    private @Nullable Kernel kernel;
    private int count;
    private long gridX;
    private int gridY;
    private int gridZ;
    private int threads;
    private int threadsY;
    private int sharedBytes;

    Launch(CUstream_st stream) {
        this.stream = stream;
        for (int i = 0; i < MAX_PARAMETERS; i++) {
            slots.put(i, new Pointer(memory).position((long) i * Long.BYTES));
        }
    }

    /** Begins a launch of one block of one thread. */
    Launch of(Kernel kernel) {
        this.kernel = kernel;
        count = 0;
        threadsY = 1;
        sharedBytes = 0;
        return grid(1).block(1);
    }

    /** Blocks along x. */
    Launch grid(long x) {
        return grid(x, 1, 1);
    }

    /** Blocks along each axis. */
    Launch grid(long x, int y, int z) {
        gridX = x;
        gridY = y;
        gridZ = z;
        return this;
    }

    /** Threads of a block. */
    Launch block(int threads) {
        return block(threads, 1);
    }

    /** Threads of a block along two axes. */
    Launch block(int x, int y) {
        threads = x;
        threadsY = y;
        return this;
    }

    /** Dynamic shared memory of a block. */
    Launch shared(int bytes) {
        sharedBytes = bytes;
        return this;
    }

    /** A pointer to the tensor's elements; null where there is no tensor. */
    Launch pointer(@Nullable CudaTensor tensor) {
        return pointer(tensor == null ? 0 : tensor.address());
    }

    /** A pointer to the columns' first element. */
    Launch pointer(CudaColumns columns) {
        return pointer(columns.address());
    }

    /** A pointer. */
    Launch pointer(long address) {
        return int64(address);
    }

    /** An int parameter. */
    Launch int32(int value) {
        values.putInt(count++ * Long.BYTES, value);
        return this;
    }

    /** A long long parameter. */
    Launch int64(long value) {
        values.putLong(count++ * Long.BYTES, value);
        return this;
    }

    /** A float parameter. */
    Launch float32(double value) {
        values.putFloat(count++ * Long.BYTES, (float) value);
        return this;
    }

    /** Queues the launch; one without blocks does nothing. */
    void run() {
        Kernel own = kernel;
        if (own == null) {
            throw new IllegalStateException("no launch has been begun");
        }
        kernel = null;
        if (gridX == 0 || gridY == 0 || gridZ == 0) {
            return;
        }
        if (sharedBytes > 0) {
            own.allowShared(sharedBytes);
        }
        CudaStatus.check(
                cudart.cuLaunchKernel(
                        own.function(),
                        Math.toIntExact(gridX),
                        gridY,
                        gridZ,
                        threads,
                        threadsY,
                        1,
                        sharedBytes,
                        stream,
                        slots,
                        null),
                "launching " + own.name());
    }

    @Override
    public void close() {
        slots.close();
        memory.close();
    }
}
