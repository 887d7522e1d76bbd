package dev.coppice.worker.model.s4d;

import dev.coppice.worker.compute.SisoParameters;
import dev.coppice.worker.model.DiagonalStates;
import dev.coppice.worker.model.layer.Complex;
import java.util.Arrays;

/**
 * The discrete state-space systems of one layer, in float64. Channels may keep different numbers of states.
 *
 * <pre>
 * x_t = lamBar x_{t-1} + bBar u_t,   kernel[d,h,t] = 2 Re sum_s c[d,s] bBar[s] lamBar[s]^t   over the states s of channel h
 * </pre>
 *
 * @param channels H
 * @param directions D
 * @param offsets channel h owns the states offsets[h] to offsets[h + 1] - 1; (H + 1)
 * @param poles which continuous eigenvalue and input weight a state was made from; channels may share them; (S)
 * @param lamBarRe real part of the discrete eigenvalues; (S)
 * @param lamBarIm imaginary part; (S)
 * @param bBarRe real part of the discrete input weights; (S)
 * @param bBarIm imaginary part; (S)
 * @param cRe real part of the output weights; (D, S)
 * @param cIm imaginary part; (D, S)
 * @param d skip weights; (H)
 */
record S4dSystem(
        int channels,
        int directions,
        int[] offsets,
        int[] poles,
        double[] lamBarRe,
        double[] lamBarIm,
        double[] bBarRe,
        double[] bBarIm,
        double[] cRe,
        double[] cIm,
        float[] d) {

    /** S. */
    int states() {
        return offsets[channels];
    }

    /** Number of continuous eigenvalues that the states were made from. */
    long distinctPoles() {
        return Arrays.stream(poles).distinct().count();
    }

    /** Host memory, in bytes. */
    long bytes() {
        return states() * (4L * Double.BYTES + Integer.BYTES)
                + 2L * directions * states() * Double.BYTES
                + channels * (long) (Float.BYTES + Integer.BYTES);
    }

    /** The convolution kernels, plainly from their definition; (D, H, steps). */
    double[] kernels(int steps) {
        SisoParameters siso = parameters();
        double[] kernels = new double[directions * channels * steps];
        for (int direction = 0; direction < directions; direction++) {
            for (int h = 0; h < channels; h++) {
                int from = (direction * channels + h) * steps;
                for (int s = offsets[h]; s < offsets[h + 1]; s++) {
                    int weight = direction * states() + s;
                    Complex power = new Complex(siso.weightRe()[weight], siso.weightIm()[weight]);
                    Complex lamBar = new Complex(lamBarRe[s], lamBarIm[s]);
                    for (int t = 0; t < steps; t++) {
                        kernels[from + t] += power.re();
                        power = power.times(lamBar);
                    }
                }
            }
        }
        return kernels;
    }

    /** The magnitudes that scores are made of. */
    DiagonalStates magnitudes(int layer) {
        double[][] outputNorms = new double[directions][];
        for (int direction = 0; direction < directions; direction++) {
            outputNorms[direction] = magnitudes(cRe, cIm, direction * states());
        }
        return new DiagonalStates(
                layer, channels, magnitudes(lamBarRe, lamBarIm, 0), magnitudes(bBarRe, bBarIm, 0), outputNorms);
    }

    private double[] magnitudes(double[] re, double[] im, int from) {
        double[] magnitudes = new double[states()];
        for (int s = 0; s < magnitudes.length; s++) {
            magnitudes[s] = Math.hypot(re[from + s], im[from + s]);
        }
        return magnitudes;
    }

    /** The same systems for a Compute: weight = 2 c bBar. */
    SisoParameters parameters() {
        int states = states();
        double[] weightRe = new double[directions * states];
        double[] weightIm = new double[directions * states];
        for (int i = 0; i < weightRe.length; i++) {
            int s = i % states;
            weightRe[i] = 2 * (cRe[i] * bBarRe[s] - cIm[i] * bBarIm[s]);
            weightIm[i] = 2 * (cRe[i] * bBarIm[s] + cIm[i] * bBarRe[s]);
        }
        return new SisoParameters(channels, directions, offsets, lamBarRe, lamBarIm, weightRe, weightIm, d);
    }

    /** The same number of states; those that are not kept are zero. */
    S4dSystem zeroed(boolean[] keep) {
        return new S4dSystem(
                channels,
                directions,
                offsets,
                poles,
                zeroed(lamBarRe, keep),
                zeroed(lamBarIm, keep),
                zeroed(bBarRe, keep),
                zeroed(bBarIm, keep),
                zeroed(cRe, keep),
                zeroed(cIm, keep),
                d);
    }

    private static double[] zeroed(double[] values, boolean[] keep) {
        double[] out = values.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] = keep[i % keep.length] ? out[i] : 0;
        }
        return out;
    }

    /** Only the states that are kept. */
    S4dSystem compacted(boolean[] keep) {
        int[] newOffsets = new int[channels + 1];
        for (int h = 0; h < channels; h++) {
            newOffsets[h + 1] = newOffsets[h];
            for (int s = offsets[h]; s < offsets[h + 1]; s++) {
                newOffsets[h + 1] += keep[s] ? 1 : 0;
            }
        }
        int[] newPoles = new int[newOffsets[channels]];
        int kept = 0;
        for (int s = 0; s < keep.length; s++) {
            if (keep[s]) {
                newPoles[kept++] = poles[s];
            }
        }
        return new S4dSystem(
                channels,
                directions,
                newOffsets,
                newPoles,
                compacted(lamBarRe, keep, kept),
                compacted(lamBarIm, keep, kept),
                compacted(bBarRe, keep, kept),
                compacted(bBarIm, keep, kept),
                compacted(cRe, keep, directions * kept),
                compacted(cIm, keep, directions * kept),
                d);
    }

    private static double[] compacted(double[] values, boolean[] keep, int length) {
        double[] out = new double[length];
        int next = 0;
        for (int i = 0; i < values.length; i++) {
            if (keep[i % keep.length]) {
                out[next++] = values[i];
            }
        }
        return out;
    }
}
