package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Matrix;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.WeightMatrix;
import org.jspecify.annotations.Nullable;

/**
 * The matrix of a linear map in a layer.
 *
 * @param name of its tensor in the checkpoint
 * @param weight (outputs, inputs)
 */
public record Projection(String name, MatrixRole role, HostArray weight) {

    /** Number of weights. */
    public long elements() {
        return weight.elements();
    }

    WeightMatrix in(int layer) {
        return new WeightMatrix(name, layer, role, weight.shape()[0], weight.shape()[1]);
    }

    /** On a device. */
    public Loaded on(Compute compute) {
        return new Loaded(name, compute, compute.language().matrix(weight));
    }

    /** A matrix on a device. */
    public record Loaded(String name, Compute compute, Matrix matrix) {

        /** x W' + bias: x (R, inputs), bias (outputs) or null. The flow's observer sees x; where it ends here, the result is zero. */
        public Tensor apply(Tensor x, @Nullable Tensor bias, Flow flow) {
            flow.observer().see(name, compute, x);
            if (flow.observer().endsAt(name)) {
                int rows = Math.toIntExact(x.rows());
                return compute.tensor(new float[Math.multiplyExact(rows, matrix.outputs())], rows, matrix.outputs());
            }
            return compute.language().linear(x, matrix, bias);
        }
    }
}
