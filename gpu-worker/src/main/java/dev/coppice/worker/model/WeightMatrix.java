package dev.coppice.worker.model;

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
}
