package dev.coppice.worker.prune.structure;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.model.language.Mixer;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.mamba2.Mamba2Mixer;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import dev.coppice.worker.prune.PruningInputs;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * GHOST (Menezes and Kyrillidis 2026): how much the mixer's y changes when a state is zeroed, the mean over all tokens of C_n^2 |S_n|^2, summed over the
 * heads of its group. |S_n|^2 is how far the input drives the state (controllability), C_n^2 how far it is read (observability).
 */
final class GhostScore implements PartScore {

    @Override
    public boolean calibrated() {
        return true;
    }

    @Override
    public @Nullable String refusal(MixerShape shape) {
        return shape instanceof Mamba2Shape
                ? null
                : "the score is Mamba-2's, whose heads share a decay among their states";
    }

    @Override
    public Watching begin(int layer, Mixer mixer, Function<String, double[]> stored, PruningInputs inputs) {
        return new Energies((Mamba2Mixer) mixer, stored, inputs);
    }

    private static final class Energies extends RecurrenceWatching {

        private final Mamba2Shape shape;
        private final double[][] sums; // (H, N)
        private long rows;

        Energies(Mamba2Mixer mixer, Function<String, double[]> stored, PruningInputs inputs) {
            super(mixer, stored, inputs);
            shape = mixer.shape();
            sums = new double[shape.heads()][shape.states()];
        }

        @Override
        void take(RecurrenceInputs in, Compute lane) {
            rows += in.rows();
            lane.onHost(shape.heads(), h -> add(in, h));
        }

        private void add(RecurrenceInputs in, int h) {
            int n = shape.states();
            float[] values = in.convolved();
            double[] sum = sums[h];
            for (int s = 0; s < in.segments().count(); s++) {
                float[] state = new float[shape.headWidth() * n]; // (P, N)
                double[] energy = new double[n];
                for (int t = 0; t < in.segments().length(s); t++) {
                    int row = in.segments().start(s) + t;
                    advance(in, row, h, state, energy);
                    int c = in.c(row, h);
                    for (int i = 0; i < n; i++) {
                        double reading = values[c + i];
                        sum[i] += reading * reading * energy[i];
                    }
                }
            }
        }

        /** One step of the recurrence; energy[n] becomes the sum over P of the squares of state n. */
        private void advance(RecurrenceInputs in, int row, int h, float[] state, double[] energy) {
            int n = shape.states();
            float[] values = in.convolved();
            float decay = (float) Math.exp(in.logDecay()[row * shape.heads() + h]);
            double scale = in.scale()[row * shape.heads() + h];
            int x = in.x(row, h);
            int b = in.b(row, h);
            Arrays.fill(energy, 0);
            for (int p = 0; p < shape.headWidth(); p++) {
                float input = (float) (scale * values[x + p]);
                int first = p * n;
                for (int i = 0; i < n; i++) {
                    float next = decay * state[first + i] + input * values[b + i];
                    state[first + i] = next;
                    energy[i] += (double) next * next;
                }
            }
        }

        @Override
        public double[][] scores() {
            double[][] scores = new double[shape.bGroups()][shape.states()];
            for (int h = 0; h < shape.heads(); h++) {
                for (int i = 0; i < shape.states(); i++) {
                    scores[h / shape.headsOfGroup()][i] += sums[h][i] / rows;
                }
            }
            return scores;
        }
    }
}
