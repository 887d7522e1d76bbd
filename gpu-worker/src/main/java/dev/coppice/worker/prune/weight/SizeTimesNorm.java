package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.WeightMatrix;

/** |W_ij| times the norm of input j, multiplied in float64 and rounded. */
final class SizeTimesNorm implements MatrixScores {

    private final WeightMatrix matrix;
    private final double[] norms; // (inputs), or none for ones

    SizeTimesNorm(WeightMatrix matrix, double[] norms) {
        this.matrix = matrix;
        this.norms = norms;
    }

    @Override
    public double[] norms() {
        return norms.clone();
    }

    @Override
    public float[] of(int first, HostArray rows) {
        float[] scores = rows.toFloats();
        if (norms.length == 0) {
            for (int i = 0; i < scores.length; i++) {
                scores[i] = finite(Math.abs(scores[i]), first, i);
            }
        }
        for (int from = 0; norms.length > 0 && from < scores.length; from += norms.length) {
            for (int j = 0; j < norms.length; j++) {
                float score = (float) (Math.abs(scores[from + j]) * norms[j]);
                scores[from + j] = finite(score, first, from + j);
            }
        }
        return scores;
    }

    private float finite(float score, int first, int i) {
        if (score <= Float.MAX_VALUE) {
            return score;
        }
        throw new ModelException("weight (" + (first + i / matrix.inputs()) + ", " + i % matrix.inputs() + ") of "
                + matrix.name() + ": its score is " + score
                + "; the weight or its input is NaN or infinite: check the checkpoint");
    }
}
