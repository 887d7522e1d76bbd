package dev.coppice.worker.prune.structure;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.language.Mixer;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.mamba1.Mamba1Mixer;
import dev.coppice.worker.model.mamba1.Mamba1Shape;
import dev.coppice.worker.prune.PruningInputs;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * LAST's squared H-infinity norm for Mamba-1, where each channel c and state n has its own A: E[C_n^2] sum over the channels of E[(dt_c B_n)^2] E[x_c^2] /
 * ((1 - exp(E[dt_c] A_cn))^2 + 1e-8). A state is that of all channels, which share its B and C.
 */
final class Mamba1LastScore implements PartScore {

    @Override
    public boolean calibrated() {
        return true;
    }

    @Override
    public @Nullable String refusal(MixerShape shape) {
        return shape instanceof Mamba1Shape ? null : "the score is Mamba-1's; see last-mamba2";
    }

    @Override
    public Watching begin(int layer, Mixer mixer, Function<String, double[]> stored, PruningInputs inputs) {
        return new Means((Mamba1Mixer) mixer, stored.apply("A_log"));
    }

    private static final class Means implements Watching {

        private final Mamba1Mixer mixer;
        private final int states;
        private final double[] aLog; // (C, N)
        private final double[] readings; // sums of C_n^2, (N)
        private final double[][] drives; // sums of (dt_c B_n)^2, (C, N)
        private final double[] inputs; // sums of x_c^2, (C)
        private final double[] steps; // sums of dt_c, (C)
        private float[] selective = {}; // B and C of the batch being run, (R, 2N)
        private long rows;

        Means(Mamba1Mixer mixer, double[] aLog) {
            this.mixer = mixer;
            this.aLog = aLog;
            states = mixer.shape().states();
            int inner = mixer.shape().inner();
            readings = new double[states];
            drives = new double[inner][states];
            inputs = new double[inner];
            steps = new double[inner];
        }

        @Override
        public void see(String name, Compute lane, Tensor tensor) {
            if (name.equals(mixer.xProj().name())) {
                double[] squares = lane.moments(tensor).sumOfSquares();
                for (int c = 0; c < inputs.length; c++) {
                    inputs[c] += squares[c];
                }
            } else if (name.equals(mixer.xProj().name() + Mamba1Mixer.OUTPUT)) {
                selective = lane.download(tensor);
            } else if (name.equals(mixer.dtProj().name() + Mamba1Mixer.OUTPUT)) {
                float[] dt = lane.download(tensor); // (R, C)
                int batchRows = dt.length / steps.length;
                rows += batchRows;
                for (int i = 0; i < batchRows * states; i++) {
                    double c = selective[i / states * 2 * states + states + i % states];
                    readings[i % states] += c * c;
                }
                lane.onHost(steps.length, channel -> add(dt, batchRows, channel));
            }
        }

        private void add(float[] dt, int batchRows, int c) {
            double shift = mixer.dtBias()[c];
            for (int row = 0; row < batchRows; row++) {
                double step = softplus(dt[row * steps.length + c] + shift);
                steps[c] += step;
                for (int n = 0; n < states; n++) {
                    double driven = step * selective[row * 2 * states + n];
                    drives[c][n] += driven * driven;
                }
            }
        }

        private static double softplus(double x) {
            return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
        }

        @Override
        public double[][] scores() {
            double[][] scores = new double[1][states];
            for (int c = 0; c < steps.length; c++) {
                for (int n = 0; n < states; n++) {
                    double logDecay = -steps[c] / rows * Math.exp(aLog[c * states + n]);
                    scores[0][n] +=
                            LastScore.norm(readings[n] / rows, drives[c][n] / rows * (inputs[c] / rows), logDecay);
                }
            }
            return scores;
        }
    }
}
