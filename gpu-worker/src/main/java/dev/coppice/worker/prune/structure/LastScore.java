package dev.coppice.worker.prune.structure;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.model.language.Mixer;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.mamba2.Mamba2Mixer;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import dev.coppice.worker.prune.PruningInputs;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * LAST's squared H-infinity norm |C|^2 |B|^2 / ((1 - a)^2 + 1e-8) carried over to Mamba-2, whose B, C and a depend on the input: means over calibration
 * tokens in their place. E[C_n^2] sum over the heads of the group of E[(dt B_n)^2] E[|x|^2] / ((1 - exp(E[dt A]))^2 + 1e-8).
 */
final class LastScore implements PartScore {

    private static final double EPSILON = 1e-8;

    /** The norm of a state from the means of its factors. */
    static double norm(double readings, double drives, double logDecay) {
        double left = 1 - Math.exp(logDecay);
        return readings * drives / (left * left + EPSILON);
    }

    @Override
    public boolean calibrated() {
        return true;
    }

    @Override
    public @Nullable String refusal(MixerShape shape) {
        return shape instanceof Mamba2Shape ? null : "each of its states has a decay of its own; see last-mamba1";
    }

    @Override
    public Watching begin(int layer, Mixer mixer, Function<String, double[]> stored, PruningInputs inputs) {
        return new Means((Mamba2Mixer) mixer, stored, inputs);
    }

    private static final class Means extends RecurrenceWatching {

        private final Mamba2Shape shape;
        private final double[][] readings; // sums of C_n^2 as head h reads it, (H, N)
        private final double[][] drives; // sums of (dt B_n)^2, (H, N)
        private final double[] inputs; // sums of |x|^2, (H)
        private final double[] decays; // sums of dt A, (H)
        private long rows;

        Means(Mamba2Mixer mixer, Function<String, double[]> stored, PruningInputs inputs) {
            super(mixer, stored, inputs);
            shape = mixer.shape();
            readings = new double[shape.heads()][shape.states()];
            drives = new double[shape.heads()][shape.states()];
            this.inputs = new double[shape.heads()];
            decays = new double[shape.heads()];
        }

        @Override
        void take(RecurrenceInputs in, Compute lane) {
            rows += in.rows();
            lane.onHost(shape.heads(), h -> add(in, h));
        }

        private void add(RecurrenceInputs in, int h) {
            float[] values = in.convolved();
            for (int row = 0; row < in.rows(); row++) {
                double scale = in.scale()[row * shape.heads() + h];
                decays[h] += in.logDecay()[row * shape.heads() + h];
                int x = in.x(row, h);
                for (int p = 0; p < shape.headWidth(); p++) {
                    inputs[h] += (double) values[x + p] * values[x + p];
                }
                int b = in.b(row, h);
                int c = in.c(row, h);
                for (int n = 0; n < shape.states(); n++) {
                    double driven = scale * values[b + n];
                    drives[h][n] += driven * driven;
                    readings[h][n] += (double) values[c + n] * values[c + n];
                }
            }
        }

        @Override
        public double[][] scores() {
            double[][] scores = new double[shape.bGroups()][shape.states()];
            for (int h = 0; h < shape.heads(); h++) {
                for (int n = 0; n < shape.states(); n++) {
                    scores[h / shape.headsOfGroup()][n] +=
                            norm(readings[h][n] / rows, drives[h][n] / rows * (inputs[h] / rows), decays[h] / rows);
                }
            }
            return scores;
        }
    }
}
