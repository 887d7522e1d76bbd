package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Segments;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.jspecify.annotations.Nullable;

/** What operations are built from: a stream of one GPU with its memory, its uploads and its kernels. Used by one thread at a time. */
final class CudaRuntime implements AutoCloseable {

    private final CudaDevice device;
    private final Precision precision;
    private final CUstream_st stream = new CUstream_st();
    private final DevicePool pool;
    private final DeviceArena arena;
    private final Uploads uploads;
    private final Launch launch;
    private boolean backwards;

    /**
     * A stream of its own.
     *
     * @param precision of matrix products, whose operands' type activations between operations have too
     * @param limit bytes of the GPU's memory that it may hold
     */
    CudaRuntime(CudaDevice device, Precision precision, long limit) {
        this.device = device;
        this.precision = precision;
        device.enter();
        CudaStatus.check(cudart.cuStreamCreate(stream, cudart.CU_STREAM_NON_BLOCKING), "making a stream");
        pool = new DevicePool(device, stream, limit);
        arena = new DeviceArena(pool);
        uploads = new Uploads(stream, pool);
        launch = new Launch(stream);
    }

    CudaDevice device() {
        return device;
    }

    /** Arithmetic of matrix products. */
    Precision precision() {
        return precision;
    }

    /** Type of activations between operations. */
    DType type() {
        return precision.operands();
    }

    /** 1 for every second kernel that goes through an activation from its end, see {@code tile_product.cuh}; else 0. */
    int turnBack() {
        backwards = !backwards;
        return backwards ? 1 : 0;
    }

    CUstream_st stream() {
        return stream;
    }

    DeviceArena arena() {
        return arena;
    }

    long peakBytes() {
        return pool.peak();
    }

    /** A tensor with undefined content, in the innermost scope. */
    CudaTensor allocate(DType dtype, int... shape) {
        long elements = 1;
        for (int length : shape) {
            elements = Math.multiplyExact(elements, (long) length);
        }
        device.enter();
        return new CudaTensor(
                dtype, shape, elements == 0 ? null : arena.take(Math.multiplyExact(elements, (long) dtype.bytes())));
    }

    /** A block that is kept until the runtime is closed. */
    DeviceMemory keep(long bytes) {
        device.enter();
        return pool.take(bytes);
    }

    /** Frees a tensor before its scope ends: what an operation needs only while it runs. */
    void drop(@Nullable CudaTensor scratch) {
        if (scratch != null && scratch.memory() != null) {
            arena.drop(scratch.memory());
        }
    }

    /** Runs {@code work} in a scope of its own, from which its results are moved to the scope around it. */
    List<CudaTensor> scoped(Supplier<List<CudaTensor>> work) {
        int depth = arena.open();
        List<CudaTensor> results = List.of();
        try {
            results = work.get();
        } finally {
            arena.close(depth, results);
        }
        return results;
    }

    /** Begins a launch of the function {@code name} of a source. */
    Launch launch(KernelSource source, String name) {
        device.enter();
        return launch.of(device.kernels().kernel(source, name));
    }

    /** Device address of these values for the operation that asks. */
    long ints(int[] values) {
        device.enter();
        return uploads.address(values);
    }

    /** Device address of the sequences' S + 1 offsets. */
    long offsets(Segments segments) {
        return ints(segments.offsets());
    }

    /** Device address of these values for the operation that asks; 0 for null. */
    long floats(float @Nullable [] values) {
        if (values == null) {
            return 0;
        }
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return ints(bits);
    }

    /** Device address of these values for the operation that asks. */
    long doubles(double[] values) {
        int[] bits = new int[2 * values.length];
        for (int i = 0; i < values.length; i++) {
            long value = Double.doubleToRawLongBits(values[i]);
            bits[2 * i] = (int) value;
            bits[2 * i + 1] = (int) (value >>> 32);
        }
        return ints(bits);
    }

    /** Fills a float32 tensor. */
    void write(CudaTensor tensor, float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        device.enter();
        uploads.write(tensor.address(), bits);
    }

    /** Fills a tensor with elements of its own type. */
    void write(CudaTensor tensor, ByteBuffer bytes) {
        device.enter();
        uploads.write(tensor.address(), bytes);
    }

    /** Fills a tensor of 32-bit elements with these bits. */
    void write(CudaTensor tensor, int[] bits) {
        device.enter();
        uploads.write(tensor.address(), bits);
    }

    /** Copies a tensor's bytes to where they fit from position 0 on; waits for them. */
    void read(CudaTensor tensor, ByteBuffer bytes) {
        device.enter();
        uploads.read(tensor.address(), bytes);
    }

    /** The values of a float32 tensor; waits for them. */
    float[] read(CudaTensor tensor) {
        int[] bits = bits(tensor);
        float[] values = new float[bits.length];
        for (int i = 0; i < bits.length; i++) {
            values[i] = Float.intBitsToFloat(bits[i]);
        }
        return values;
    }

    /** The bits of a tensor of 32-bit elements; waits for them. */
    int[] bits(CudaTensor tensor) {
        device.enter();
        return uploads.read(tensor.address(), Math.toIntExact(tensor.elements()));
    }

    /** Sets all bytes of a tensor to zero. */
    void clear(CudaTensor tensor) {
        device.enter();
        CudaStatus.check(cudart.cuMemsetD8Async(tensor.address(), (byte) 0, tensor.bytes(), stream), "clearing memory");
    }

    /** Waits for all that has been queued. */
    void await() {
        device.enter();
        CudaStatus.check(cudart.cuStreamSynchronize(stream), "waiting for the GPU");
    }

    /** Gives everything back; tensors are void then. Says nothing of a device that is lost, whose memory is gone anyway. */
    @Override
    public void close() {
        device.enter();
        cudart.cuStreamSynchronize(stream);
        uploads.close();
        launch.close();
        pool.close();
        cudart.cuStreamDestroy(stream);
    }
}
