package dev.coppice.worker.model.s5;

import dev.coppice.worker.compute.MimoParameters;
import dev.coppice.worker.model.DiagonalStates;
import dev.coppice.worker.model.layer.Complex;
import java.util.Arrays;

/**
 * The discretised system of one layer, without the states that were pruned away. B is kept as it is stored, with the factor that
 * discretises it.
 *
 * @param channels H
 * @param directions D
 * @param lamBarRe real part of the discrete eigenvalues; (P)
 * @param lamBarIm imaginary part; (P)
 * @param inputFactor B_bar / B of each state, (re, im) in the last axis; (P, 2)
 * @param b input matrix, (re, im) in the last axis; (P, H, 2)
 * @param c output matrices, (re, im) in the last axis; (D, H, P, 2)
 * @param d skip weights; (H)
 * @param outputFactor 2 where only one of each conjugate pair is stored, else 1
 */
record S5System(
        int channels,
        int directions,
        double[] lamBarRe,
        double[] lamBarIm,
        double[] inputFactor,
        float[] b,
        float[] c,
        float[] d,
        double outputFactor) {

    /** P. */
    int states() {
        return lamBarRe.length;
    }

    /** The discrete input matrix, (re, im) in the last axis; (P, H, 2). */
    double[] bBar() {
        double[] bBar = new double[b.length];
        for (int p = 0; p < states(); p++) {
            Complex factor = new Complex(inputFactor[2 * p], inputFactor[2 * p + 1]);
            for (int at = 2 * p * channels; at < 2 * (p + 1) * channels; at += 2) {
                Complex scaled = factor.times(new Complex(b[at], b[at + 1]));
                bBar[at] = scaled.re();
                bBar[at + 1] = scaled.im();
            }
        }
        return bBar;
    }

    MimoParameters parameters() {
        return new MimoParameters(
                channels, states(), directions, lamBarRe, lamBarIm, discreteInput(), c, d, outputFactor);
    }

    /**
     * The system whose outputs are the states themselves: its column k is number k of (directions, P, 2), the real part of a state and
     * its negative imaginary part, which are what the real numbers of C are multiplied with in y = Re(C x).
     *
     * @param first k of the first output; what is beyond the last one is 0
     */
    MimoParameters stateOutputs(int first) {
        int row = 2 * states();
        float[] identity = new float[c.length]; // (D, H, P, 2)
        for (int h = 0; h < channels && first + h < directions * row; h++) {
            int direction = (first + h) / row;
            identity[(direction * channels + h) * row + (first + h) % row] = 1;
        }
        return new MimoParameters(
                channels, states(), directions, lamBarRe, lamBarIm, discreteInput(), identity, new float[channels], 1);
    }

    private float[] discreteInput() {
        double[] exact = bBar();
        float[] rounded = new float[exact.length]; // (P, H, 2)
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) exact[i];
        }
        return rounded;
    }

    S5System withInput(float[] other) {
        return new S5System(channels, directions, lamBarRe, lamBarIm, inputFactor, other, c, d, outputFactor);
    }

    S5System withOutput(float[] other) {
        return new S5System(channels, directions, lamBarRe, lamBarIm, inputFactor, b, other, d, outputFactor);
    }

    /** What scores are made of: |lamBar|, the norms of B_bar's rows and of C's columns. */
    DiagonalStates magnitudes(int layer) {
        int states = states();
        double[] lamBarAbs = new double[states];
        double[] inputNorm = new double[states];
        double[][] outputNorms = new double[directions][states];
        double[] bBar = bBar();
        for (int p = 0; p < states; p++) {
            lamBarAbs[p] = Math.hypot(lamBarRe[p], lamBarIm[p]);
            double sum = 0;
            for (int i = 2 * p * channels; i < 2 * (p + 1) * channels; i++) {
                sum += bBar[i] * bBar[i];
            }
            inputNorm[p] = Math.sqrt(sum);
            for (int direction = 0; direction < directions; direction++) {
                double columnSum = 0;
                for (int h = 0; h < channels; h++) {
                    int at = 2 * ((direction * channels + h) * states + p);
                    columnSum += (double) c[at] * c[at] + (double) c[at + 1] * c[at + 1];
                }
                outputNorms[direction][p] = Math.sqrt(columnSum);
            }
        }
        return new DiagonalStates(layer, 1, lamBarAbs, inputNorm, outputNorms);
    }

    /** lamBar, the rows of B_bar and the columns of C of the states that are not kept become 0; keep (P). */
    S5System zeroed(boolean[] keep) {
        S5System copy = new S5System(
                channels,
                directions,
                lamBarRe.clone(),
                lamBarIm.clone(),
                inputFactor.clone(),
                b.clone(),
                c.clone(),
                d,
                outputFactor);
        for (int p = 0; p < states(); p++) {
            if (!keep[p]) {
                copy.lamBarRe[p] = 0;
                copy.lamBarIm[p] = 0;
                Arrays.fill(copy.inputFactor, 2 * p, 2 * p + 2, 0); // it may be infinite
                Arrays.fill(copy.b, 2 * p * channels, 2 * (p + 1) * channels, 0);
                for (int row = 0; row < directions * channels; row++) {
                    copy.c[2 * (row * states() + p)] = 0;
                    copy.c[2 * (row * states() + p) + 1] = 0;
                }
            }
        }
        return copy;
    }

    /** The system of the kept states alone; keep (P). */
    S5System compacted(boolean[] keep) {
        int kept = 0;
        for (boolean k : keep) {
            kept += k ? 1 : 0;
        }
        S5System small = new S5System(
                channels,
                directions,
                new double[kept],
                new double[kept],
                new double[2 * kept],
                new float[2 * kept * channels],
                new float[2 * directions * channels * kept],
                d,
                outputFactor);
        int to = 0;
        for (int p = 0; p < states(); p++) {
            if (keep[p]) {
                small.lamBarRe[to] = lamBarRe[p];
                small.lamBarIm[to] = lamBarIm[p];
                System.arraycopy(inputFactor, 2 * p, small.inputFactor, 2 * to, 2);
                System.arraycopy(b, 2 * p * channels, small.b, 2 * to * channels, 2 * channels);
                for (int row = 0; row < directions * channels; row++) {
                    System.arraycopy(c, 2 * (row * states() + p), small.c, 2 * (row * kept + to), 2);
                }
                to++;
            }
        }
        return small;
    }

    /** Stored numbers of the layer as it was trained: Lambda, B, C (two reals each), step sizes and skip weights. */
    long parameterCount() {
        return states() * (3L + 2L * channels + 2L * directions * channels) + channels;
    }

    /** Host memory, in bytes. */
    long bytes() {
        return 8L * 4 * states() + 4L * (b.length + c.length + d.length);
    }
}
