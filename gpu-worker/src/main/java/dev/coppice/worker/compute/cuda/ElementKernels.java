package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import java.util.List;

/** Conversions between element types. */
final class ElementKernels {

    static final List<KernelSource> SOURCES = List.of(
            convert(DType.FLOAT32, DType.BFLOAT16),
            convert(DType.FLOAT32, DType.FLOAT16),
            convert(DType.BFLOAT16, DType.FLOAT32),
            convert(DType.BFLOAT16, DType.FLOAT16),
            convert(DType.FLOAT16, DType.FLOAT32),
            convert(DType.FLOAT16, DType.BFLOAT16));

    private static final int THREADS = 256;
    private static final int PER_THREAD = 8;

    private ElementKernels() {}

    private static KernelSource convert(DType from, DType to) {
        return new KernelSource("convert.cu", "X=" + CudaTypes.kernel(from), "Y=" + CudaTypes.kernel(to));
    }

    /** {@code x} as elements of {@code to}: itself when it is of that type. */
    static CudaTensor convert(CudaRuntime runtime, CudaTensor x, DType to) {
        if (x.dtype() == to) {
            return x;
        }
        CudaTensor y = runtime.allocate(to, x.shape().clone());
        long elements = x.elements();
        runtime.launch(convert(x.dtype(), to), "convert")
                .grid((elements + THREADS * PER_THREAD - 1) / (THREADS * PER_THREAD))
                .block(THREADS)
                .pointer(x)
                .pointer(y)
                .int64(elements)
                .run();
        return y;
    }
}
