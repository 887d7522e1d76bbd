package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.SplitMix64;
import dev.coppice.worker.model.WeightMatrix;

/** The importance of a weight; larger is kept longer. */
public enum WeightScore {
    /** |W_ij|. */
    MAGNITUDE {
        @Override
        MatrixScores of(WeightMatrix matrix, int number, double[] inputSquares, long seed) {
            return new SizeTimesNorm(matrix, new double[0]);
        }
    },
    /** |W_ij| ||X_j|| (Sun et al. 2024, eq. 1), with the root of the mean square of input j for its norm: the same order. */
    WANDA {
        @Override
        MatrixScores of(WeightMatrix matrix, int number, double[] inputSquares, long seed) {
            double[] norms = new double[inputSquares.length]; // (inputs)
            for (int j = 0; j < norms.length; j++) {
                norms[j] = Math.sqrt(inputSquares[j]);
            }
            return new SizeTimesNorm(matrix, norms);
        }
    },
    /** Uniform in [0, 1): element i of the model's matrix m takes number 2^40 m + i of the seed's {@link SplitMix64} sequence. */
    RANDOM {
        @Override
        MatrixScores of(WeightMatrix matrix, int number, double[] inputSquares, long seed) {
            return (first, rows) -> {
                float[] scores = new float[Math.toIntExact(rows.elements())];
                long start = ((long) number << 40) + (long) first * matrix.inputs();
                for (int i = 0; i < scores.length; i++) {
                    scores[i] = (float) SplitMix64.uniform(seed, start + i);
                }
                return scores;
            };
        }
    };

    /**
     * Scores of a matrix.
     *
     * @param number of the matrix in the model
     * @param inputSquares mean square of each of its inputs, (inputs); empty for a score that looks at weights alone
     * @param seed matters to {@link #RANDOM} alone
     */
    abstract MatrixScores of(WeightMatrix matrix, int number, double[] inputSquares, long seed);
}
