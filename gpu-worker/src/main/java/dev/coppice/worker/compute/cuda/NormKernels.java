package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import java.util.ArrayList;
import java.util.List;

/** Launches of {@code norm.cu}. */
final class NormKernels {

    static final List<KernelSource> SOURCES = sources();

    private static final int VECTOR = 8;
    private static final int MAX_THREADS = 1024;
    private static final int WARP = 32;

    private NormKernels() {}

    private static List<KernelSource> sources() {
        List<KernelSource> sources = new ArrayList<>();
        for (DType narrow : List.of(DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16)) {
            for (int vector : new int[] {VECTOR, 1}) {
                sources.add(source(DType.FLOAT32, narrow, vector, 1));
                if (narrow != DType.FLOAT32) {
                    sources.add(source(narrow, narrow, vector, 1));
                }
            }
        }
        return sources;
    }

    private static KernelSource source(DType x, DType y, int vector, int items) {
        return new KernelSource(
                "norm.cu", "X=" + CudaTypes.kernel(x), "Y=" + CudaTypes.kernel(y), "V=" + vector, "ITEMS=" + items);
    }

    /** A launch with one block for each of {@code runs}, of threads that hold {@code width} channels together. */
    private static Launch launch(CudaRuntime runtime, String name, DType x, DType y, int vector, int width, long runs) {
        int loads = (width + vector - 1) / vector;
        int threads = Math.min(MAX_THREADS, (loads + WARP - 1) / WARP * WARP);
        int items = (loads + threads - 1) / threads;
        return runtime.launch(source(x, y, vector, items), name).grid(runs).block(threads);
    }

    private static int vector(int... multiples) {
        for (int number : multiples) {
            if (number % VECTOR != 0) {
                return 1;
            }
        }
        return VECTOR;
    }

    /** y of x (R, D), in the type of activations. */
    static CudaTensor rmsNorm(CudaRuntime runtime, CudaTensor x, CudaTensor scale, double epsilon) {
        CudaTensor y = runtime.allocate(runtime.type(), x.shape().clone());
        int width = x.columns();
        launch(runtime, "rms_norm", x.dtype(), y.dtype(), vector(width), width, x.rows())
                .pointer(x)
                .pointer(scale)
                .float32(epsilon)
                .int32(width)
                .pointer(y)
                .run();
        return y;
    }

    /** y of x (R, D), in the type of activations. */
    static CudaTensor layerNorm(CudaRuntime runtime, CudaTensor x, CudaTensor scale, CudaTensor bias, double epsilon) {
        CudaTensor y = runtime.allocate(runtime.type(), x.shape().clone());
        int width = x.columns();
        launch(runtime, "layer_norm", x.dtype(), y.dtype(), vector(width), width, x.rows())
                .pointer(x)
                .pointer(scale)
                .pointer(bias)
                .float32(epsilon)
                .int32(width)
                .pointer(y)
                .run();
        return y;
    }

    /** y of x and gate (R, D), which have one type. */
    static CudaTensor gatedRmsNorm(
            CudaRuntime runtime,
            CudaColumns x,
            CudaColumns gate,
            int rows,
            CudaTensor scale,
            int groups,
            double epsilon) {
        CudaTensor y = runtime.allocate(runtime.type(), rows, x.count());
        int width = x.count() / groups;
        int vector = vector(width, x.stride(), gate.stride(), x.misplaced(VECTOR), gate.misplaced(VECTOR));
        launch(runtime, "gated_rms_norm", x.dtype(), y.dtype(), vector, width, (long) rows * groups)
                .pointer(x)
                .int32(x.stride())
                .pointer(gate)
                .int32(gate.stride())
                .pointer(scale)
                .float32(epsilon)
                .int32(width)
                .int32(groups)
                .pointer(y)
                .run();
        return y;
    }
}
