package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Moments;
import java.util.Arrays;
import java.util.List;

/** Launches of {@code pool.cu}. */
final class PoolKernels {

    static final List<KernelSource> SOURCES =
            List.of(source(DType.FLOAT32), source(DType.BFLOAT16), source(DType.FLOAT16));

    private static final int THREADS = 128;
    private static final int TILE = 32;
    private static final int MOMENT_ROWS = 1024;

    private PoolKernels() {}

    private static KernelSource source(DType x) {
        return new KernelSource("pool.cu", "X=" + CudaTypes.kernel(x));
    }

    /** Mean over the first lengths[b] steps of x (B, T, H); (B, H). */
    static CudaTensor meanPool(CudaRuntime runtime, CudaTensor x, int[] lengths) {
        int width = x.columns();
        CudaTensor out = runtime.allocate(DType.FLOAT32, x.shape()[0], width);
        long address = runtime.ints(lengths);
        runtime.launch(source(x.dtype()), "mean_pool")
                .grid((width + TILE - 1) / TILE, x.shape()[0], 1)
                .block(TILE, TILE)
                .pointer(x)
                .pointer(address)
                .int32(x.shape()[1])
                .int32(width)
                .pointer(out)
                .run();
        return out;
    }

    /** The last step of x (B, T, H); (B, H). */
    static CudaTensor lastStep(CudaRuntime runtime, CudaTensor x) {
        CudaTensor out = runtime.allocate(x.dtype(), x.shape()[0], x.columns());
        runtime.launch(source(x.dtype()), "last_step")
                .grid(x.shape()[0])
                .block(THREADS)
                .pointer(x)
                .int32(x.shape()[1])
                .int32(x.columns())
                .pointer(out)
                .run();
        return out;
    }

    /** Channel sums of x (R, H). */
    static Moments moments(CudaRuntime runtime, CudaTensor x) {
        int width = x.columns();
        long rows = x.rows();
        int blocks = Math.toIntExact((rows + MOMENT_ROWS - 1) / MOMENT_ROWS);
        CudaTensor parts = runtime.allocate(DType.FLOAT32, blocks, 2, width, 2); // the last axis is one float64
        runtime.launch(source(x.dtype()), "moments")
                .grid(blocks)
                .block(THREADS)
                .pointer(x)
                .int64(rows)
                .int32(width)
                .int32(MOMENT_ROWS)
                .pointer(parts)
                .run();
        int[] bits = runtime.bits(parts);
        runtime.drop(parts);
        double[] sums = new double[2 * width]; // sums, then sums of squares
        for (int i = 0; i < bits.length / 2; i++) {
            sums[i % sums.length] += Double.longBitsToDouble(
                    Integer.toUnsignedLong(bits[2 * i]) | (long) bits[2 * i + 1] << Integer.SIZE);
        }
        return new Moments(rows, Arrays.copyOf(sums, width), Arrays.copyOfRange(sums, width, 2 * width));
    }

    /** Logarithm of the softmax over the columns of x (R, C). */
    static CudaTensor logSoftmax(CudaRuntime runtime, CudaTensor x) {
        CudaTensor out = runtime.allocate(DType.FLOAT32, x.shape().clone());
        runtime.launch(source(x.dtype()), "log_softmax")
                .grid(x.rows())
                .block(THREADS)
                .pointer(x)
                .int32(x.columns())
                .pointer(out)
                .run();
        return out;
    }
}
