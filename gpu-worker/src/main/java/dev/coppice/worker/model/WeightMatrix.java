package dev.coppice.worker.model;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.weights.CheckpointException;
import java.util.Arrays;
import java.util.List;

/**
 * A weight matrix (outputs, inputs) of a linear map in one of a model's layers.
 *
 * @param name of its tensor in the checkpoint
 * @param layer from 0
 */
public record WeightMatrix(String name, int layer, MatrixRole role, int outputs, int inputs) {

    /** Number of weights. */
    public long weights() {
        return (long) outputs * inputs;
    }

    /**
     * The one of this name.
     *
     * @throws CheckpointException when there is none
     */
    public static WeightMatrix named(String name, List<WeightMatrix> matrices) {
        return matrices.stream()
                .filter(matrix -> matrix.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CheckpointException("there is no matrix " + name));
    }

    /**
     * This matrix, of whose shape {@code weights} are.
     *
     * @throws CheckpointException when they are not
     */
    public WeightMatrix checked(HostArray weights) {
        if (!Arrays.equals(weights.shape(), new int[] {outputs, inputs})) {
            throw new CheckpointException(name + " has shape " + Arrays.toString(weights.shape()) + " where [" + outputs
                    + ", " + inputs + "] is expected");
        }
        return this;
    }
}
