package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.HostArray;
import org.jspecify.annotations.Nullable;

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

    /** Where a score is the weight's size times the norm of its input, those norms, (inputs), or none for ones; else null. */
    default double @Nullable [] norms() {
        return null;
    }
}
