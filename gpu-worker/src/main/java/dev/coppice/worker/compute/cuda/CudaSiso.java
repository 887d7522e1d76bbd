package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.SisoParameters;
import dev.coppice.worker.compute.SisoSsm;

/**
 * An S4D layer on a GPU, in the form that suits its states and the GPU, whatever the batch.
 *
 * @param channels H
 * @param directions 1 or 2
 * @param steps T that a sequence may have at most
 */
record CudaSiso(int channels, int directions, int steps, SisoForm form) implements SisoSsm {

    private static final int OLDEST_TENSOR_CORES = 80;
    private static final int FEW_STATES = 16; // their recurrence takes no longer than the matrix products

    static CudaSiso of(CudaRuntime runtime, SisoParameters parameters, int steps) {
        SisoForm form = runtime.device().architecture() >= OLDEST_TENSOR_CORES
                        && mostStates(parameters) > FEW_STATES
                        && SisoTiles.suits(parameters, steps)
                ? SisoTiled.of(runtime, SisoTiles.of(parameters, steps))
                : SisoScan.of(runtime, SisoTable.of(parameters));
        return new CudaSiso(parameters.channels(), parameters.directions(), steps, form);
    }

    /** States of the channel that has most of them. */
    static int mostStates(SisoParameters parameters) {
        int most = 0;
        for (int h = 0; h < parameters.channels(); h++) {
            most = Math.max(most, parameters.offsets()[h + 1] - parameters.offsets()[h]);
        }
        return most;
    }

    /** A float32 tensor of these values. */
    static CudaTensor tensor(CudaRuntime runtime, float[] values) {
        CudaTensor tensor = runtime.allocate(DType.FLOAT32, values.length);
        runtime.write(tensor, values);
        return tensor;
    }
}
