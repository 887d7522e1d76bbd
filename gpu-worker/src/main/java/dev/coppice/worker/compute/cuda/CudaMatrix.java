package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.Matrix;

/**
 * A weight on the device, in the type of the compute's matrix products.
 *
 * @param tensor (outputs, inputs)
 */
record CudaMatrix(CudaTensor tensor) implements Matrix {

    static CudaMatrix of(Matrix matrix) {
        if (matrix instanceof CudaMatrix own) {
            return own;
        }
        throw new IllegalArgumentException(
                "a matrix of " + matrix.getClass().getSimpleName() + " is not one of the cuda backend");
    }

    @Override
    public int outputs() {
        return tensor.shape()[0];
    }

    @Override
    public int inputs() {
        return tensor.shape()[1];
    }
}
