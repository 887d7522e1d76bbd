package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.HostArray;

/** The importance of each weight of a matrix; larger is kept longer. Threads share it. */
@FunctionalInterface
interface MatrixScores {

    /**
     * The scores of some rows.
     *
     * @param first number of the first of them in the matrix
     * @param rows (rows, inputs), as they are stored
     * @return finite and not negative; (rows, inputs)
     */
    float[] of(int first, HostArray rows);
}
