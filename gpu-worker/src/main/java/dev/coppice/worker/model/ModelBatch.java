package dev.coppice.worker.model;

/** Encoded inputs of a model, ready to be run. */
public interface ModelBatch {

    /** Rows of the residual stream: the steps of all sequences. */
    int rows();

    /** Host memory of the inputs, in bytes. */
    long bytes();
}
