package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import org.jspecify.annotations.Nullable;

/**
 * Launches of {@code siso_scan.cu}: an S4D layer as a recurrence, for any GPU and any number of states.
 *
 * @param shape what the tensors were made from
 * @param factors see {@link SisoTable}, float32
 * @param within see {@link SisoTable}, float32
 */
record SisoScan(SisoTable shape, CudaTensor factors, CudaTensor within) implements SisoForm {

    private static final int CHANNELS = 16; // of a block

    static SisoScan of(CudaRuntime runtime, SisoTable table) {
        return new SisoScan(table, CudaSiso.tensor(runtime, table.factors()), CudaSiso.tensor(runtime, table.within()));
    }

    static KernelSource source(DType type, int directions, int parts, int statesOfPart) {
        return new KernelSource(
                "siso_scan.cu",
                "ELEMENT=" + CudaTypes.element(type),
                "DIRECTIONS=" + directions,
                "PARTS=" + parts,
                "OWN=" + statesOfPart);
    }

    @Override
    public void run(CudaRuntime runtime, CudaTensor u, @Nullable CudaTensor partial, CudaTensor y) {
        int blocks = (shape.channels() + CHANNELS - 1) / CHANNELS;
        runtime.launch(source(u.dtype(), shape.directions(), shape.parts(), shape.statesOfPart()), "siso_scan")
                .grid((long) u.shape()[0] * blocks)
                .block(CHANNELS * shape.parts())
                .pointer(u)
                .pointer(factors)
                .pointer(within)
                .pointer(partial)
                .pointer(y)
                .int32(shape.channels())
                .int32(u.shape()[1])
                .run();
    }
}
