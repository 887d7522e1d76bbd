package dev.coppice.worker.prune.structure;

import dev.coppice.worker.compute.SplitMix64;
import dev.coppice.worker.model.language.Mixer;
import dev.coppice.worker.model.mamba1.Mamba1Mixer;
import dev.coppice.worker.model.mamba2.Mamba2Mixer;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import dev.coppice.worker.model.mamba2.Mamba2Shape.Part;
import dev.coppice.worker.prune.PruningInputs;
import java.util.function.Function;

/** Scores that only read stored weights. */
enum PartScores implements PartScore {
    /** Sums of |W| over a state's rows of B and C in in_proj, jointly; all of the C that read one B. */
    STATE_MAGNITUDE {
        @Override
        double[][] scores(int layer, Mixer mixer, Function<String, double[]> stored, long seed) {
            if (mixer instanceof Mamba1Mixer mamba1) {
                int n = mamba1.shape().states();
                int inner = mamba1.shape().inner();
                double[] w = stored.apply("x_proj.weight"); // (rank + 2N, C)
                double[][] scores = new double[1][n];
                for (int i = 0; i < n; i++) {
                    int b = mamba1.shape().rank() + i;
                    scores[0][i] = sum(w, b * inner, inner, 1) + sum(w, (b + n) * inner, inner, 1);
                }
                return scores;
            }
            Mamba2Shape shape = ((Mamba2Mixer) mixer).shape();
            int n = shape.states();
            double[] w = stored.apply("in_proj.weight"); // (projected, D)
            double[][] scores = new double[shape.bGroups()][n];
            for (int g = 0; g < scores.length; g++) {
                for (int i = 0; i < n; i++) {
                    scores[g][i] = row(w, shape, Part.B, g * n + i);
                    for (int c = g * shape.readings(); c < (g + 1) * shape.readings(); c++) {
                        scores[g][i] += row(w, shape, Part.C, c * n + i);
                    }
                }
            }
            return scores;
        }
    },
    /** Uniform in [0, 1): unit i of a layer l, group by group, takes number 2^32 l + i of the seed's {@link SplitMix64} sequence. */
    STATE_RANDOM {
        @Override
        double[][] scores(int layer, Mixer mixer, Function<String, double[]> stored, long seed) {
            int groups = mixer instanceof Mamba2Mixer mamba2 ? mamba2.shape().bGroups() : 1;
            int n = mixer instanceof Mamba2Mixer mamba2
                    ? mamba2.shape().states()
                    : ((Mamba1Mixer) mixer).shape().states();
            double[][] scores = new double[groups][n];
            for (int i = 0; i < groups * n; i++) {
                scores[i / n][i % n] = SplitMix64.uniform(seed, ((long) layer << 32) + i);
            }
            return scores;
        }

        @Override
        public boolean random() {
            return true;
        }
    },
    /** Sums of |W| over a channel's rows of x and z in in_proj and its column of out_proj, jointly; all of the z that share an x. */
    CHANNEL_MAGNITUDE {
        @Override
        double[][] scores(int layer, Mixer mixer, Function<String, double[]> stored, long seed) {
            Mamba2Shape shape = ((Mamba2Mixer) mixer).shape();
            int p = shape.headWidth();
            double[] in = stored.apply("in_proj.weight"); // (projected, D)
            double[] out = stored.apply("out_proj.weight"); // (D, inner)
            double[][] scores = new double[shape.xHeads()][p];
            for (int g = 0; g < scores.length; g++) {
                for (int i = 0; i < p; i++) {
                    scores[g][i] = row(in, shape, Part.X, g * p + i);
                    for (int h = g * shape.headsOfX(); h < (g + 1) * shape.headsOfX(); h++) {
                        scores[g][i] +=
                                row(in, shape, Part.Z, h * p + i) + sum(out, h * p + i, shape.width(), shape.inner());
                    }
                }
            }
            return scores;
        }
    };

    @Override
    public boolean calibrated() {
        return false;
    }

    @Override
    public Watching begin(int layer, Mixer mixer, Function<String, double[]> stored, PruningInputs inputs) {
        return PartScore.of(scores(layer, mixer, stored, inputs.seed()));
    }

    /** The scores of a layer's units: (groups, units); the seed matters to random ones alone. */
    abstract double[][] scores(int layer, Mixer mixer, Function<String, double[]> stored, long seed);

    private static double row(double[] w, Mamba2Shape shape, Part part, int row) {
        return sum(w, (shape.from(part) + row) * shape.width(), shape.width(), 1);
    }

    /** Sum of {@code count} absolute values from {@code from} on, every {@code stride}-th. */
    private static double sum(double[] w, int from, int count, int stride) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.abs(w[from + i * stride]);
        }
        return sum;
    }
}
