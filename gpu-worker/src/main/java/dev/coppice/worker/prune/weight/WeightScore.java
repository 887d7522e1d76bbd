package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.WeightMatrix;

/** Scores of weights. */
final class WeightScore {

    private WeightScore() {}

    /**
     * |W_ij| ||X_j|| (WANDA, Sun et al. 2024, eq. 1), with the root of the mean square of input j for its norm: the same order.
     *
     * @param meanSquares of each input; (inputs)
     */
    static MatrixScores wanda(WeightMatrix matrix, double[] meanSquares) {
        double[] norms = new double[meanSquares.length]; // (inputs)
        for (int j = 0; j < norms.length; j++) {
            norms[j] = Math.sqrt(meanSquares[j]);
        }
        return (first, rows) -> scaled(matrix, first, rows, norms);
    }

    private static float[] scaled(WeightMatrix matrix, int first, HostArray rows, double[] factors) {
        float[] scores = rows.toFloats();
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) (Math.abs(scores[i]) * factors[i % factors.length]);
            if (!(scores[i] <= Float.MAX_VALUE)) {
                throw new ModelException("weight (" + (first + i / factors.length) + ", " + i % factors.length + ") of "
                        + matrix.name() + ": its score is " + scores[i]
                        + "; the weight or its input is NaN or infinite: check the checkpoint");
            }
        }
        return scores;
    }
}
