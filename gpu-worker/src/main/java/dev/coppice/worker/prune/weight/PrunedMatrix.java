package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.WeightMatrix;

/**
 * A matrix after pruning.
 *
 * @param matrix which
 * @param weight (outputs, inputs) of the type it was stored in, with zeros in place of what is pruned
 * @param pruned number of weights that were pruned
 */
record PrunedMatrix(WeightMatrix matrix, HostArray weight, long pruned) {}
