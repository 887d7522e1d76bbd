package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.Tensor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A tensor in an array of ND4J.
 *
 * @param flat its elements, row-major; null when there are none
 * @param shape length of each axis, outermost first
 */
record Nd4jTensor(@Nullable INDArray flat, int[] shape) implements Tensor {

    static Nd4jTensor of(Tensor tensor) {
        if (tensor instanceof Nd4jTensor own) {
            return own;
        }
        throw new IllegalArgumentException(
                "a tensor of " + tensor.getClass().getSimpleName() + " is not one of the nd4j backend");
    }

    /** The elements in this shape. */
    INDArray as(long... axes) {
        if (flat == null) {
            throw new IllegalStateException("a tensor without elements has no array");
        }
        return Ops.view(flat, axes);
    }

    /** The elements as rows, (R, columns). */
    INDArray matrix() {
        return as(rows(), columns());
    }

    /** The elements one after the other. */
    INDArray vector() {
        return as(elements());
    }

    boolean isEmpty() {
        return flat == null;
    }
}
