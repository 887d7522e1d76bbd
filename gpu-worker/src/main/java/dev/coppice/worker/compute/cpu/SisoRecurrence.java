package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.SisoParameters;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The recurrence, one channel a lane: x_t = lamBar x_{t-1} + u_t, y_t = d u_t + Re sum w x_t. Its cost is proportional to
 * the states of the channel that has most of them. Four states stay in registers while the whole sequence passes: fewer
 * would leave the core waiting for the previous step, more would not fit.
 *
 * <p>A step is taken as x += (lamBar - 1) x + u. The states that remember longest have lamBar close to 1, and there
 * lamBar - 1 keeps the digits that lamBar would lose in float32.
 */
final class SisoRecurrence implements SisoFormulation {

    /** States that pass the sequence together; a channel's states are filled up to a multiple by weights of 0. */
    static final int BLOCK = 4;

    private static final int LANES = Lanes.COUNT;
    private static final int STATE = 4 * LANES;

    private final float[][] coefficients; // (directions)(blocks, BLOCK, 4, W): lamBar - 1 re, im; weight re, -im
    private final float[] d; // (W)

    /** The channels from {@code first} on, as many as there are lanes; lanes beyond the last channel give 0. */
    SisoRecurrence(SisoParameters parameters, int first) {
        int channels = Math.min(LANES, parameters.channels() - first);
        int blocks = (SisoPlan.mostStates(parameters, first, first + channels) + BLOCK - 1) / BLOCK;
        d = Arrays.copyOf(Arrays.copyOfRange(parameters.d(), first, first + channels), LANES);
        coefficients = new float[parameters.directions()][blocks * BLOCK * STATE];
        for (int direction = 0; direction < coefficients.length; direction++) {
            for (int lane = 0; lane < channels; lane++) {
                fill(coefficients[direction], lane, parameters, direction, first + lane);
            }
        }
    }

    private static void fill(float[] out, int lane, SisoParameters parameters, int direction, int channel) {
        int at = lane;
        for (int state = parameters.offsets()[channel]; state < parameters.offsets()[channel + 1]; state++) {
            int weight = direction * parameters.states() + state;
            out[at] = (float) (parameters.lamBarRe()[state] - 1);
            out[at + LANES] = (float) parameters.lamBarIm()[state];
            out[at + 2 * LANES] = (float) parameters.weightRe()[weight];
            out[at + 3 * LANES] = (float) -parameters.weightIm()[weight];
            at += STATE;
        }
    }

    @Override
    public int scratch() {
        return 0;
    }

    @Override
    public void run(float[] u, float[] y, int steps, float[] scratch) {
        FloatVector skip = FloatVector.fromArray(Lanes.SPECIES, d, 0);
        for (int at = 0; at < steps * LANES; at += LANES) {
            skip.mul(FloatVector.fromArray(Lanes.SPECIES, u, at)).intoArray(y, at);
        }
        for (int block = 0; block < coefficients[0].length; block += BLOCK * STATE) {
            pass(coefficients[0], block, u, 0, y, 0, LANES, steps);
            if (coefficients.length == 2) {
                // What is known of the future once u_t has been seen is the backward part of y_{t-1}.
                int last = (steps - 1) * LANES;
                pass(coefficients[1], block, u, last, y, last - LANES, -LANES, steps - 1);
            }
        }
    }

    /** x = lamBar x + u, y += Re sum w x for four states, {@code steps} times, u and y moving on by {@code stride}. */
    private static void pass(
            float[] coefficients, int block, float[] u, int uFrom, float[] y, int yFrom, int stride, int steps) {
        int b = block + STATE;
        int c = b + STATE;
        int d = c + STATE;
        FloatVector aLamRe = load(coefficients, block);
        FloatVector aLamIm = load(coefficients, block + LANES);
        FloatVector aOutRe = load(coefficients, block + 2 * LANES);
        FloatVector aOutIm = load(coefficients, block + 3 * LANES);
        FloatVector bLamRe = load(coefficients, b);
        FloatVector bLamIm = load(coefficients, b + LANES);
        FloatVector bOutRe = load(coefficients, b + 2 * LANES);
        FloatVector bOutIm = load(coefficients, b + 3 * LANES);
        FloatVector cLamRe = load(coefficients, c);
        FloatVector cLamIm = load(coefficients, c + LANES);
        FloatVector cOutRe = load(coefficients, c + 2 * LANES);
        FloatVector cOutIm = load(coefficients, c + 3 * LANES);
        FloatVector dLamRe = load(coefficients, d);
        FloatVector dLamIm = load(coefficients, d + LANES);
        FloatVector dOutRe = load(coefficients, d + 2 * LANES);
        FloatVector dOutIm = load(coefficients, d + 3 * LANES);
        FloatVector aRe = FloatVector.zero(Lanes.SPECIES);
        FloatVector aIm = aRe;
        FloatVector bRe = aRe;
        FloatVector bIm = aRe;
        FloatVector cRe = aRe;
        FloatVector cIm = aRe;
        FloatVector dRe = aRe;
        FloatVector dIm = aRe;
        for (int step = 0; step < steps; step++) {
            FloatVector input = load(u, uFrom + step * stride);
            FloatVector aNext = nextRe(aLamRe, aLamIm, aRe, aIm, input);
            FloatVector bNext = nextRe(bLamRe, bLamIm, bRe, bIm, input);
            FloatVector cNext = nextRe(cLamRe, cLamIm, cRe, cIm, input);
            FloatVector dNext = nextRe(dLamRe, dLamIm, dRe, dIm, input);
            aIm = nextIm(aLamRe, aLamIm, aRe, aIm);
            bIm = nextIm(bLamRe, bLamIm, bRe, bIm);
            cIm = nextIm(cLamRe, cLamIm, cRe, cIm);
            dIm = nextIm(dLamRe, dLamIm, dRe, dIm);
            aRe = aNext;
            bRe = bNext;
            cRe = cNext;
            dRe = dNext;
            int at = yFrom + step * stride;
            FloatVector re = dOutRe.fma(dRe, cOutRe.fma(cRe, bOutRe.fma(bRe, aOutRe.fma(aRe, load(y, at)))));
            FloatVector im = dOutIm.fma(dIm, cOutIm.fma(cIm, bOutIm.fma(bIm, aOutIm.mul(aIm))));
            re.add(im).intoArray(y, at);
        }
    }

    private static FloatVector nextRe(
            FloatVector lamRe, FloatVector lamIm, FloatVector re, FloatVector im, FloatVector input) {
        return re.add(lamRe.fma(re, input)).sub(lamIm.mul(im));
    }

    private static FloatVector nextIm(FloatVector lamRe, FloatVector lamIm, FloatVector re, FloatVector im) {
        return im.add(lamRe.fma(im, lamIm.mul(re)));
    }

    private static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(Lanes.SPECIES, x, at);
    }
}
