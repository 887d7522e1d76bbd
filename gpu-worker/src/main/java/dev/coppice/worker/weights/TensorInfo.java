package dev.coppice.worker.weights;

import dev.coppice.worker.compute.DType;

/**
 * Type and shape of a tensor in a checkpoint.
 *
 * @param dtype type of the elements
 * @param shape length of each axis, outermost first; empty for a scalar
 */
public record TensorInfo(DType dtype, int[] shape) {}
