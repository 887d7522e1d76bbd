package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.SisoParameters;

/**
 * Chooses the formulation of each group of W channels of a layer, by the states of its fullest channel (n), the directions
 * and the steps (T, and N for the power of two that holds it). Measured in ns a step on one core of an AMD EPYC (Zen 5, W =
 * 16; 12 n flops a step, channel and direction are 210 GFLOP/s):
 *
 * <pre>
 * T                     64   256   784  1024  2048  4096
 * recurrence, n = 8    8.2   8.1   8.1   8.0   8.0   8.1     per direction
 * recurrence, n = 32    29    29    29    29    29    29     per direction
 * convolution           15    17    28    20    21    25     any n, one direction or both
 * </pre>
 *
 * <p>A chunked form with matrix products needs 8 n + 2 Q flops a step, channel and direction for chunks of Q steps, on
 * transposed copies of u and y; at the rate of the recurrence it cannot win, so there is none.
 */
final class SisoPlan {

    private static final double RECURRENCE_STEP = 1.0;
    private static final double RECURRENCE_STATE = 0.9;
    private static final double CONVOLUTION_POINT = 8.0;
    private static final double CONVOLUTION_LEVEL = 1.3;

    /**
     * Growth of an unstable state over the whole sequence beyond which the recurrence is used: the error of a Fourier
     * transform is relative to the largest value of all steps, and the early ones would drown in it.
     */
    private static final double LARGEST_GROWTH = 16;

    private final SisoParameters parameters;
    private final int steps;
    private final LaneFft fft;
    private final float[] turns; // (N, 2)

    /** A plan for sequences of up to {@code steps} steps. */
    SisoPlan(SisoParameters parameters, int steps) {
        this.parameters = parameters;
        this.steps = steps;
        fft = new LaneFft(points(steps));
        turns = SisoConvolution.turns(fft.points());
    }

    /** The smallest power of two, 2 or more, that is not less than {@code steps}. */
    static int points(int steps) {
        return Math.max(2, Integer.highestOneBit(steps - 1) << 1);
    }

    /** The formulation for the channels from {@code first} on, ready to run. */
    SisoFormulation formulation(int first) {
        int end = Math.min(parameters.channels(), first + Lanes.COUNT);
        boolean recurs = growth(first, end) > LARGEST_GROWTH
                || recurrenceIsFaster(mostStates(parameters, first, end), parameters.directions(), steps);
        return recurs
                ? new SisoRecurrence(parameters, first)
                : new SisoConvolution(parameters, first, steps, fft, turns);
    }

    /** Whether the table above says so for channels of up to {@code states} states. */
    static boolean recurrenceIsFaster(int states, int directions, int steps) {
        int points = points(steps);
        int levels = Integer.numberOfTrailingZeros(points);
        double convolution = (CONVOLUTION_POINT + CONVOLUTION_LEVEL * levels) * points / steps;
        return RECURRENCE_STEP + RECURRENCE_STATE * states * directions <= convolution;
    }

    /** States of the fullest of the channels {@code first} to {@code end} - 1. */
    static int mostStates(SisoParameters parameters, int first, int end) {
        int most = 0;
        for (int channel = first; channel < end; channel++) {
            most = Math.max(most, parameters.offsets()[channel + 1] - parameters.offsets()[channel]);
        }
        return most;
    }

    /** max |lamBar|^steps over the states of the channels {@code first} to {@code end} - 1; 0 without states. */
    private double growth(int first, int end) {
        double largest = 0;
        for (int state = parameters.offsets()[first]; state < parameters.offsets()[end]; state++) {
            largest = Math.max(
                    largest, Math.hypot(parameters.lamBarRe()[state], parameters.lamBarIm()[state]));
        }
        return Math.pow(largest, steps);
    }
}
