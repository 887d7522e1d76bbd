package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.SplitMix64;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.WeightMatrix;

/** The importance of a weight; larger is kept longer. */
public enum WeightScore {
    /** |W_ij|. */
    MAGNITUDE {
        @Override
        MatrixScores of(WeightMatrix matrix, int number, double[] inputSquares, long seed) {
            return (first, rows) -> {
                float[] scores = rows.toFloats();
                for (int i = 0; i < scores.length; i++) {
                    scores[i] = finite(Math.abs(scores[i]), matrix, first, i);
                }
                return scores;
            };
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
            return (first, rows) -> {
                float[] scores = rows.toFloats();
                for (int from = 0; from < scores.length; from += norms.length) {
                    for (int j = 0; j < norms.length; j++) {
                        float score = (float) (Math.abs(scores[from + j]) * norms[j]);
                        scores[from + j] = finite(score, matrix, first, from + j);
                    }
                }
                return scores;
            };
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

    private static float finite(float score, WeightMatrix matrix, int first, int i) {
        if (score <= Float.MAX_VALUE) {
            return score;
        }
        throw new ModelException("weight (" + (first + i / matrix.inputs()) + ", " + i % matrix.inputs() + ") of "
                + matrix.name() + ": its score is " + score
                + "; the weight or its input is NaN or infinite: check the checkpoint");
    }
}
