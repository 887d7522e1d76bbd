/**
 * Pruning of single weights: a score for each weight of a matrix, an allocation of the budget, zeros in place of the rest.
 *
 * <p>Letters: W (outputs, inputs) a matrix, x its input.
 */
@NullMarked
package dev.coppice.worker.prune.weight;

import org.jspecify.annotations.NullMarked;
