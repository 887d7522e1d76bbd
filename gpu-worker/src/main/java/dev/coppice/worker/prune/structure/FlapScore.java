package dev.coppice.worker.prune.structure;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Moments;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.language.Mixer;
import dev.coppice.worker.model.mamba2.Mamba2Mixer;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import dev.coppice.worker.prune.PruningInputs;
import java.util.function.Function;

/**
 * FLAP (An et al. 2024) on the heads of a mixer, as in "On Pruning State-Space LLMs": how much out_proj's input fluctuates around its mean, weighted by
 * what out_proj makes of it, v_j sum_i W_ij^2; squared, standardised within the layer, averaged over a head's channels. What a removed head gives on average
 * becomes a bias.
 */
final class FlapScore implements PartScore {

    @Override
    public boolean calibrated() {
        return true;
    }

    @Override
    public Watching begin(int layer, Mixer mixer, Function<String, double[]> stored, PruningInputs inputs) {
        return new Fluctuations((Mamba2Mixer) mixer, stored.apply("out_proj.weight"));
    }

    /** What out_proj's input does. */
    static final class Fluctuations implements Watching {

        private final Mamba2Shape shape;
        private final String name;
        private final double[] weight; // (D, inner)
        private final double[] sums; // (inner)
        private final double[] squares; // (inner)
        private long rows;

        Fluctuations(Mamba2Mixer mixer, double[] weight) {
            shape = mixer.shape();
            name = mixer.outProj().name();
            this.weight = weight;
            sums = new double[shape.inner()];
            squares = new double[shape.inner()];
        }

        @Override
        public void see(String seen, Compute lane, Tensor tensor) {
            if (seen.equals(name)) {
                Moments moments = lane.moments(tensor);
                rows += moments.rows();
                for (int j = 0; j < sums.length; j++) {
                    sums[j] += moments.sum()[j];
                    squares[j] += moments.sumOfSquares()[j];
                }
            }
        }

        /** Mean of channel {@code j}. */
        double mean(int j) {
            return sums[j] / rows;
        }

        /** Variance of channel {@code j} over all tokens. */
        double fluctuation(int j) {
            return Math.max(0, squares[j] / rows - mean(j) * mean(j));
        }

        @Override
        public double[][] scores() {
            int inner = shape.inner();
            double[] metric = new double[inner];
            double mean = 0;
            for (int j = 0; j < inner; j++) {
                double column = 0;
                for (int i = 0; i < shape.width(); i++) {
                    column += weight[i * inner + j] * weight[i * inner + j];
                }
                metric[j] = Math.pow(fluctuation(j) * column, 2);
                mean += metric[j] / inner;
            }
            double variance = 0;
            for (double one : metric) {
                variance += (one - mean) * (one - mean) / (inner - 1);
            }
            double[] heads = new double[shape.heads()];
            for (int j = 0; j < inner; j++) {
                double standard = variance == 0 ? 0 : (metric[j] - mean) / Math.sqrt(variance);
                heads[j / shape.headWidth()] += standard / shape.headWidth();
            }
            return new double[][] {heads};
        }

        @Override
        public float[] compensation(boolean[] kept) {
            int inner = shape.inner();
            float[] bias = new float[shape.width()];
            for (int i = 0; i < bias.length; i++) {
                double sum = 0;
                for (int j = 0; j < inner; j++) {
                    if (!kept[j / shape.headWidth()]) {
                        sum += weight[i * inner + j] * mean(j);
                    }
                }
                bias[i] = (float) sum;
            }
            return bias;
        }
    }
}
