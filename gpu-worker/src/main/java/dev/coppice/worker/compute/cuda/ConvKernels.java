package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.ConvFilter;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Stateful;
import java.util.ArrayList;
import java.util.List;

/** Launches of {@code causal_conv.cu}. R rows, C channels, K taps, S sequences. */
final class ConvKernels {

    static final List<KernelSource> SOURCES = sources();

    private static final int ROWS = 32; // of a thread
    private static final int THREADS = 128;
    private static final int PUBLISHED_TAPS = 4;

    private ConvKernels() {}

    private static List<KernelSource> sources() {
        List<KernelSource> sources = new ArrayList<>();
        for (DType type : CudaTypes.ELEMENTS) {
            for (ConvActivation activation : ConvActivation.values()) {
                sources.add(source(type, PUBLISHED_TAPS, activation, 1));
                sources.add(source(type, PUBLISHED_TAPS, activation, 0));
            }
        }
        return sources;
    }

    private static KernelSource source(DType type, int taps, ConvActivation activation, int aligned) {
        return new KernelSource(
                "causal_conv.cu",
                "ELEMENT=" + CudaTypes.element(type),
                "TAPS=" + taps,
                "SILU=" + (activation == ConvActivation.SILU ? 1 : 0),
                "ALIGNED=" + aligned);
    }

    /** y (R, C) and windows (S, C, K) of x (R, C). */
    static Stateful run(CudaRuntime runtime, CudaColumns x, ConvFilter filter, Along along) {
        int channels = x.count();
        int taps = filter.width();
        int rows = along.segments().rows();
        int sequences = along.segments().count();
        CudaTensor y = runtime.allocate(x.dtype(), rows, channels);
        CudaTensor windows = along.states(runtime, channels, taps);
        int lanes = CudaTypes.lanes(x.dtype());
        int aligned = x.aligned() && channels % lanes == 0 ? 1 : 0;
        KernelSource source = source(x.dtype(), taps, filter.activation(), aligned);
        long columnBlocks = blocks(channels, THREADS * (aligned == 1 ? lanes : 1));
        runtime.launch(source, "causal_conv")
                .grid(columnBlocks * blocks(rows, ROWS))
                .block(THREADS)
                .pointer(x)
                .int64(x.stride())
                .pointer(CudaTensor.of(filter.weight()))
                .pointer(CudaTensor.orNull(filter.bias()))
                .pointer(along.offsets())
                .int32(sequences)
                .pointer(along.start())
                .pointer(along.parents())
                .pointer(y)
                .int32(channels)
                .int32(rows)
                .run();
        runtime.launch(source, "causal_conv_windows")
                .grid((long) blocks(channels, THREADS) * windows.shape()[0])
                .block(THREADS)
                .pointer(x)
                .int64(x.stride())
                .pointer(along.offsets())
                .int32(sequences)
                .pointer(along.start())
                .pointer(along.parents())
                .pointer(windows)
                .int32(channels)
                .run();
        return new Stateful(y, windows);
    }

    private static int blocks(int count, int size) {
        return (count + size - 1) / size;
    }
}
