/**
 * Pruning: a Score per unit, an Allocation of the budget, a Mask of what is kept. Knows no task.
 */
@NullMarked
package dev.coppice.worker.prune;

import org.jspecify.annotations.NullMarked;
