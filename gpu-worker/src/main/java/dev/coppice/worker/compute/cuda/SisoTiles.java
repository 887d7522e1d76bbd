package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.SisoParameters;
import java.util.Arrays;

/**
 * An S4D layer as {@code siso_tiled.cu} reads it, computed in float64. K state columns: real and imaginary part of each state of a
 * channel side by side, filled up with zeros.
 *
 * @param channels H
 * @param columns K
 * @param outputs how the state before sixteen steps enters the output of each, divided by its channel's scale; (directions, H, 16, K)
 * @param inputs how each of the steps enters the state after them, times the power of two that keeps the state within the largest
 *     input; (directions, H, 16, K)
 * @param turns lamBar^16 - 1, real and imaginary part; (directions, H, K)
 * @param within first entries of the convolution kernel, divided by its channel's scale; (directions, H, 16)
 * @param scales the channel's scale, a power of two, and its skip weight, 0 in the second direction; (directions, H, 2)
 */
record SisoTiles(
        int channels,
        int directions,
        int columns,
        float[] outputs,
        float[] inputs,
        float[] turns,
        float[] within,
        float[] scales) {

    /** K is a multiple of this. */
    static final int COLUMNS = 16;

    private static final int STEPS = 16;
    private static final int MOST_STATES = 32; // more do not fit the registers
    private static final double LARGEST_GAIN =
            0x1p20; // of a state over the largest input: pairs of float16 reach down to 1e-7

    /** Whether the layer has few enough states, none of which outgrows pairs of float16 in {@code steps} steps. */
    static boolean suits(SisoParameters p, int steps) {
        for (int s = 0; s < p.states(); s++) {
            if (!(gain(p, s, steps) < LARGEST_GAIN)) {
                return false;
            }
        }
        return CudaSiso.mostStates(p) <= MOST_STATES;
    }

    /** At least the sum of |lamBar|^t for t below {@code steps}. */
    private static double gain(SisoParameters p, int s, int steps) {
        double re = p.lamBarRe()[s];
        double im = p.lamBarIm()[s];
        double size = Math.sqrt(re * re + im * im);
        return size <= 1 ? Math.min(steps, 1 / (1 - size)) : steps * Math.pow(size, steps);
    }

    static SisoTiles of(SisoParameters p, int steps) {
        int columns = Math.max(1, (2 * CudaSiso.mostStates(p) + COLUMNS - 1) / COLUMNS) * COLUMNS;
        int all = p.directions() * p.channels();
        SisoTiles tiles = new SisoTiles(
                p.channels(),
                p.directions(),
                columns,
                new float[all * STEPS * columns],
                new float[all * STEPS * columns],
                new float[all * columns],
                new float[all * STEPS],
                new float[all * 2]);
        double[] outputs = new double[STEPS * columns]; // (16, K)
        double[] kernel = new double[STEPS];
        for (int direction = 0; direction < p.directions(); direction++) {
            for (int h = 0; h < p.channels(); h++) {
                Arrays.fill(outputs, 0);
                Arrays.fill(kernel, 0);
                int channel = direction * p.channels() + h;
                for (int s = p.offsets()[h]; s < p.offsets()[h + 1]; s++) {
                    tiles.state(p, direction, s, channel, s - p.offsets()[h], steps, outputs, kernel);
                }
                tiles.scale(channel, direction == 0 ? p.d()[h] : 0, outputs, kernel);
            }
        }
        return tiles;
    }

    /** The part of state {@code s}, the {@code place}th of its channel; its outputs and kernel are not scaled yet. */
    private void state(
            SisoParameters p,
            int direction,
            int s,
            int channel,
            int place,
            int steps,
            double[] outputs,
            double[] kernel) {
        int w = direction * p.states() + s;
        double range = Math.min(1, 1 / Math.scalb(1.0, Math.getExponent(gain(p, s, steps)) + 1));
        double re = 1;
        double im = 0;
        for (int k = 0; k <= STEPS; k++) {
            double weightedRe = p.weightRe()[w] * re - p.weightIm()[w] * im;
            double weightedIm = p.weightRe()[w] * im + p.weightIm()[w] * re;
            if (k < STEPS) {
                kernel[k] += weightedRe;
                int at = (channel * STEPS + STEPS - 1 - k) * columns + 2 * place;
                inputs[at] = (float) (re * range);
                inputs[at + 1] = (float) (im * range);
            }
            // step j sees the state before it through lamBar^(j+1), in the second direction through lamBar^j
            int j = k - 1 + direction;
            if (j >= 0 && j < STEPS) {
                outputs[j * columns + 2 * place] = weightedRe / range;
                outputs[j * columns + 2 * place + 1] = -weightedIm / range;
            }
            if (k == STEPS) {
                int at = channel * columns + 2 * place;
                turns[at] = (float) (re - 1);
                turns[at + 1] = (float) im;
            }
            double next = re * p.lamBarRe()[s] - im * p.lamBarIm()[s];
            im = re * p.lamBarIm()[s] + im * p.lamBarRe()[s];
            re = next;
        }
    }

    /** Brings a channel's outputs and kernel below 2 by a power of two. */
    private void scale(int channel, float skip, double[] channelOutputs, double[] kernel) {
        double most = 0;
        for (double value : channelOutputs) {
            most = Math.max(most, Math.abs(value));
        }
        for (double value : kernel) {
            most = Math.max(most, Math.abs(value));
        }
        double scale = most < Float.MIN_NORMAL ? 1 : Math.scalb(1.0, Math.getExponent(most));
        for (int i = 0; i < channelOutputs.length; i++) {
            outputs[channel * channelOutputs.length + i] = (float) (channelOutputs[i] / scale);
        }
        for (int t = 0; t < STEPS; t++) {
            within[channel * STEPS + t] = (float) (kernel[t] / scale);
        }
        scales[2 * channel] = (float) scale;
        scales[2 * channel + 1] = skip;
    }
}
