package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.SisoSsm;

/**
 * An S4D layer on a GPU; see {@link SisoTable}.
 *
 * @param channels H
 * @param directions 1 or 2
 * @param steps T that a sequence may have at most
 * @param table factors of all states, float32
 * @param within (directions, H, 4, 4), float32
 */
record CudaSiso(
        int channels, int directions, int steps, int parts, int statesOfPart, CudaTensor table, CudaTensor within)
        implements SisoSsm {

    static CudaSiso of(CudaRuntime runtime, SisoTable table, int steps) {
        return new CudaSiso(
                table.channels(),
                table.directions(),
                steps,
                table.parts(),
                table.statesOfPart(),
                tensor(runtime, table.factors()),
                tensor(runtime, table.within()));
    }

    private static CudaTensor tensor(CudaRuntime runtime, float[] values) {
        CudaTensor tensor = runtime.allocate(DType.FLOAT32, values.length);
        runtime.write(tensor, values);
        return tensor;
    }
}
