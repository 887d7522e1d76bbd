package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Gelu;
import dev.coppice.worker.compute.LayerShapes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Launches of {@code convert.cu}, {@code elements.cu} and {@code gate.cu}. */
final class ElementKernels {

    static final List<KernelSource> SOURCES = sources();

    private static final int THREADS = 256;
    private static final int PER_THREAD = 8;

    private ElementKernels() {}

    private static List<KernelSource> sources() {
        List<KernelSource> sources = new ArrayList<>();
        List<DType> types = List.of(DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16);
        for (DType type : types) {
            types.stream().filter(other -> other != type).forEach(other -> sources.add(convert(type, other)));
            sources.add(elements(type, type, type));
            sources.add(gate(type, PER_THREAD));
            sources.add(gate(type, 1));
            if (type != DType.FLOAT32) {
                sources.add(elements(DType.FLOAT32, type, DType.FLOAT32));
            }
        }
        return sources;
    }

    private static KernelSource convert(DType from, DType to) {
        return new KernelSource("convert.cu", "X=" + CudaTypes.kernel(from), "Y=" + CudaTypes.kernel(to));
    }

    private static KernelSource elements(DType x, DType y, DType z) {
        return new KernelSource(
                "elements.cu", "X=" + CudaTypes.kernel(x), "Y=" + CudaTypes.kernel(y), "Z=" + CudaTypes.kernel(z));
    }

    private static KernelSource gate(DType type, int vector) {
        return new KernelSource("gate.cu", "X=" + CudaTypes.kernel(type), "V=" + vector);
    }

    private static Launch launch(CudaRuntime runtime, KernelSource source, String name, long elements) {
        return runtime.launch(source, name).grid(blocks(elements, PER_THREAD)).block(THREADS);
    }

    private static long blocks(long elements, int perThread) {
        long perBlock = (long) THREADS * perThread;
        return (elements + perBlock - 1) / perBlock;
    }

    /** {@code x} as elements of {@code to}: itself when it is of that type. */
    static CudaTensor convert(CudaRuntime runtime, CudaTensor x, DType to) {
        if (x.dtype() == to) {
            return x;
        }
        CudaTensor y = runtime.allocate(to, x.shape().clone());
        launch(runtime, convert(x.dtype(), to), "convert", x.elements())
                .pointer(x)
                .pointer(y)
                .int64(x.elements())
                .run();
        return y;
    }

    /** a + b: float32 when one of them is. */
    static CudaTensor add(CudaRuntime runtime, CudaTensor a, CudaTensor b) {
        if (a.dtype() != DType.FLOAT32 && b.dtype() == DType.FLOAT32) {
            return add(runtime, b, a);
        }
        CudaTensor out = runtime.allocate(a.dtype(), a.shape().clone());
        launch(runtime, elements(a.dtype(), b.dtype(), out.dtype()), "add", a.elements())
                .pointer(a)
                .pointer(b)
                .pointer(out)
                .int64(a.elements())
                .run();
        return out;
    }

    static CudaTensor gelu(CudaRuntime runtime, CudaTensor x, Gelu form) {
        CudaTensor out = like(runtime, x);
        String name = form == Gelu.TANH ? "gelu_tanh" : "gelu_erf";
        one(runtime, x, name).pointer(x).pointer(out).int64(x.elements()).run();
        return out;
    }

    /** value * sigmoid(gate) + residual; all of one type. */
    static CudaTensor gate(CudaRuntime runtime, CudaTensor value, CudaTensor gate, @Nullable CudaTensor residual) {
        CudaTensor out = like(runtime, value);
        one(runtime, value, "gate")
                .pointer(value)
                .pointer(gate)
                .pointer(residual)
                .pointer(out)
                .int64(value.elements())
                .run();
        return out;
    }

    /** x (R, 2H) to (R, H). */
    static CudaTensor glu(CudaRuntime runtime, CudaTensor x) {
        CudaTensor out = runtime.allocate(x.dtype(), LayerShapes.glu(x));
        launch(runtime, elements(x.dtype(), x.dtype(), x.dtype()), "glu", out.elements())
                .pointer(x)
                .int32(out.columns())
                .pointer(out)
                .int64(out.elements())
                .run();
        return out;
    }

    static CudaTensor channelAffine(CudaRuntime runtime, CudaTensor x, CudaTensor scale, CudaTensor shift) {
        CudaTensor out = like(runtime, x);
        one(runtime, x, "channel_affine")
                .pointer(x)
                .pointer(scale)
                .pointer(shift)
                .int32(x.columns())
                .pointer(out)
                .int64(x.elements())
                .run();
        return out;
    }

    /** x (B, T, H) with the steps from lengths[b] on set to zero. */
    static CudaTensor maskSteps(CudaRuntime runtime, CudaTensor x, int[] lengths) {
        CudaTensor out = like(runtime, x);
        long address = runtime.ints(lengths);
        one(runtime, x, "mask_steps")
                .pointer(x)
                .pointer(address)
                .int32(x.shape()[1])
                .int32(x.columns())
                .pointer(out)
                .int64(x.elements())
                .run();
        return out;
    }

    /** x * silu(gate + bias) of columns of one type; (rows, columns). */
    static CudaTensor siluGate(
            CudaRuntime runtime, CudaColumns x, CudaColumns gate, int rows, @Nullable CudaTensor bias) {
        CudaTensor out = runtime.allocate(x.dtype(), rows, x.count());
        int odd = x.count() % PER_THREAD
                + x.stride() % PER_THREAD
                + gate.stride() % PER_THREAD
                + x.misplaced(PER_THREAD)
                + gate.misplaced(PER_THREAD);
        int vector = odd == 0 ? PER_THREAD : 1;
        long loads = out.elements() / vector;
        runtime.launch(gate(x.dtype(), vector), "silu_gate")
                .grid(blocks(loads, 1))
                .block(THREADS)
                .pointer(x)
                .int32(x.stride())
                .pointer(gate)
                .int32(gate.stride())
                .pointer(bias)
                .int32(x.count())
                .pointer(out)
                .int64(loads)
                .run();
        return out;
    }

    private static Launch one(CudaRuntime runtime, CudaTensor x, String name) {
        return launch(runtime, elements(x.dtype(), x.dtype(), x.dtype()), name, x.elements());
    }

    private static CudaTensor like(CudaRuntime runtime, CudaTensor x) {
        return runtime.allocate(x.dtype(), x.shape().clone());
    }
}
