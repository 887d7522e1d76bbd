package dev.coppice.worker.compute;

import java.util.List;

/**
 * The choice of weights to prune on a device: billions of scores are read there in milliseconds. The score of a weight is its size
 * times the norm of its input, multiplied in float64 and rounded to float32. Among equal scores those go first that come first: in the
 * list, in the rows of a matrix, in a row.
 */
public interface WeightOps {

    /**
     * A matrix that loses weights.
     *
     * @param weight (outputs, inputs)
     * @param norms (inputs); empty for ones
     * @param pruned of the same type and shape, to be filled: the matrix with zeros in the place of what goes
     */
    record Pruning(HostArray weight, double[] norms, HostArray pruned) {}

    /** Whether matrices can be pruned here: their type is known, and together they fit the device. */
    boolean takes(List<Pruning> matrices);

    /**
     * Prunes the {@code count} smallest scores of each {@code run} weights that follow each other in a row.
     *
     * @param run a whole row, or a few weights that divide it
     * @return false when a score is infinite or NaN, or a row too long for the device; what has been filled in is then void
     */
    boolean pruneRuns(Pruning matrix, int run, int count);

    /**
     * Prunes the {@code count} smallest scores of all matrices.
     *
     * @param gone set to how many each matrix loses, (matrices)
     * @return as {@link #pruneRuns}
     */
    boolean pruneAll(List<Pruning> matrices, long count, long[] gone);
}
