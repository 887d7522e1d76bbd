package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.SelectiveParameters;
import dev.coppice.worker.compute.Stateful;
import java.util.ArrayList;
import java.util.List;

/** Launches of {@code selective_scan.cu}. R rows, C channels, N states, S sequences. */
final class SelectiveScanKernels {

    static final List<KernelSource> SOURCES = sources();

    private static final int CHANNELS = 32; // of a block
    private static final int THREADS = 128;
    private static final int PUBLISHED_STATES = 16;

    private SelectiveScanKernels() {}

    private static List<KernelSource> sources() {
        List<KernelSource> sources = new ArrayList<>();
        for (DType type : CudaTypes.ELEMENTS) {
            sources.add(source(type, PUBLISHED_STATES));
            sources.add(source(type, SequenceChecks.MOST_SELECTIVE_STATES));
        }
        return sources;
    }

    private static KernelSource source(DType type, int states) {
        return new KernelSource(
                "selective_scan.cu", "ELEMENT=" + CudaTypes.element(type), "STATES=" + (states + 3) / 4 * 4);
    }

    /** y (R, C) and states (S, C, N); parameters are float32. */
    static Stateful scan(CudaRuntime runtime, SelectiveParameters parameters, CudaScanInputs in, Along along) {
        int channels = in.x().count();
        int states = parameters.states();
        CudaTensor y = runtime.allocate(in.x().dtype(), along.segments().rows(), channels);
        CudaTensor after = along.states(runtime, channels, states);
        Launch launch = runtime.launch(source(in.x().dtype(), states), "selective_scan")
                .grid((long) along.segments().count() * ((channels + CHANNELS - 1) / CHANNELS))
                .block(THREADS);
        for (CudaColumns operand : List.of(in.x(), in.dt(), in.b(), in.c())) {
            launch.pointer(operand).int64(operand.stride());
        }
        launch.pointer(CudaTensor.of(parameters.a()))
                .pointer(CudaTensor.of(parameters.d()))
                .pointer(CudaTensor.orNull(parameters.dtBias()))
                .pointer(along.offsets())
                .pointer(along.start())
                .pointer(along.parents())
                .pointer(y)
                .pointer(after)
                .int32(channels)
                .int32(states)
                .run();
        return new Stateful(y, after);
    }
}
