package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.Matrix;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A weight, widened to float32.
 *
 * @param stored its values, (out, in)
 * @param operand its values rounded to the compute's precision, (out, in); the stored ones in float32
 */
record Nd4jMatrix(INDArray stored, INDArray operand) implements Matrix {

    static Nd4jMatrix of(Matrix matrix) {
        if (matrix instanceof Nd4jMatrix own) {
            return own;
        }
        throw new IllegalArgumentException(
                "a matrix of " + matrix.getClass().getSimpleName() + " is not one of the nd4j backend");
    }

    @Override
    public int outputs() {
        return (int) stored.size(0);
    }

    @Override
    public int inputs() {
        return (int) stored.size(1);
    }
}
