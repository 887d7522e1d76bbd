package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.SisoParameters;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The convolution with kernels of any number of states, by Fourier transforms of N points, one channel a lane, where N is
 * the power of two that the longest sequence fits in. Both directions cost one pair of transforms, and no signal is padded
 * to 2 N.
 *
 * <p>That is because point t is turned by exp(i pi t / 2N) first, which makes the cyclic convolution one modulo X^N = i in
 * place of X^N = 1: what runs over the end comes back as the imaginary part, apart from the rest. With the forward kernel
 * k0_t at t and the backward kernel k1_{j} at N - 1 - j, the polynomial product of u with either is
 * {@code low + X^N high = low + i high}; y is the low half of the first and the high half of the second, hence the real
 * part of the convolution of u with k0 - i k1.
 */
final class SisoConvolution implements SisoFormulation {

    private static final int LANES = Lanes.COUNT;

    private final LaneFft fft;
    private final float[] turns; // (N, 2)
    private final float[] spectrum; // (N, 2, W), in the order of the transform, divided by N
    private final float[] d; // (W)

    /**
     * The channels from {@code first} on, as many as there are lanes; lanes beyond the last channel give 0.
     *
     * @param steps length of the longest sequence, at most the points of {@code fft}
     * @param turns what {@link #turns} gives for the points of {@code fft}
     */
    SisoConvolution(SisoParameters parameters, int first, int steps, LaneFft fft, float[] turns) {
        this.fft = fft;
        this.turns = turns;
        int channels = Math.min(LANES, parameters.channels() - first);
        d = Arrays.copyOf(Arrays.copyOfRange(parameters.d(), first, first + channels), LANES);
        spectrum = new float[fft.points() * LaneFft.POINT];
        for (int lane = 0; lane < channels; lane++) {
            turnedKernel(parameters, first + lane, steps, lane);
        }
        fft.forward(spectrum);
    }

    /** cos and sin of pi t / 2N; (N, 2). */
    static float[] turns(int points) {
        float[] turns = new float[2 * points];
        for (int t = 0; t < points; t++) {
            turns[2 * t] = (float) Math.cos(Math.PI * t / (2.0 * points));
            turns[2 * t + 1] = (float) Math.sin(Math.PI * t / (2.0 * points));
        }
        return turns;
    }

    /** (k0 - i k1) / N, each point turned, into the lane of {@link #spectrum}. */
    private void turnedKernel(SisoParameters parameters, int channel, int steps, int lane) {
        int points = fft.points();
        double[] re = Arrays.copyOf(SisoKernel.of(parameters, 0, channel, steps), points);
        double[] im = new double[points];
        if (parameters.directions() == 2) {
            double[] backward = SisoKernel.of(parameters, 1, channel, steps);
            // Lag 0 of the backward kernel belongs to u_{t+1}, so that lag N - 1 would belong to no step.
            for (int lag = 0; lag < Math.min(steps, points - 1); lag++) {
                im[points - 1 - lag] = -backward[lag];
            }
        }
        for (int t = 0; t < points; t++) {
            int at = t * LaneFft.POINT + lane;
            spectrum[at] = (float) ((re[t] * turns[2 * t] - im[t] * turns[2 * t + 1]) / points);
            spectrum[at + LANES] = (float) ((re[t] * turns[2 * t + 1] + im[t] * turns[2 * t]) / points);
        }
    }

    @Override
    public int scratch() {
        return spectrum.length;
    }

    @Override
    public void run(float[] u, float[] y, int steps, float[] scratch) {
        turn(u, steps, scratch);
        Arrays.fill(scratch, steps * LaneFft.POINT, spectrum.length, 0f);
        fft.forward(scratch);
        multiply(scratch, spectrum);
        fft.inverse(scratch);
        turnBack(scratch, u, y, steps);
    }

    /** x = u exp(i pi t / 2N). */
    private void turn(float[] u, int steps, float[] x) {
        for (int t = 0; t < steps; t++) {
            FloatVector value = FloatVector.fromArray(Lanes.SPECIES, u, t * LANES);
            value.mul(turns[2 * t]).intoArray(x, t * LaneFft.POINT);
            value.mul(turns[2 * t + 1]).intoArray(x, t * LaneFft.POINT + LANES);
        }
    }

    private static void multiply(float[] x, float[] spectrum) {
        for (int at = 0; at < spectrum.length; at += LaneFft.POINT) {
            FloatVector re = FloatVector.fromArray(Lanes.SPECIES, x, at);
            FloatVector im = FloatVector.fromArray(Lanes.SPECIES, x, at + LANES);
            FloatVector byRe = FloatVector.fromArray(Lanes.SPECIES, spectrum, at);
            FloatVector byIm = FloatVector.fromArray(Lanes.SPECIES, spectrum, at + LANES);
            re.mul(byRe).sub(im.mul(byIm)).intoArray(x, at);
            re.fma(byIm, im.mul(byRe)).intoArray(x, at + LANES);
        }
    }

    /** y = Re(x exp(-i pi t / 2N)) + d u. */
    private void turnBack(float[] x, float[] u, float[] y, int steps) {
        FloatVector skip = FloatVector.fromArray(Lanes.SPECIES, d, 0);
        for (int t = 0; t < steps; t++) {
            FloatVector re = FloatVector.fromArray(Lanes.SPECIES, x, t * LaneFft.POINT);
            FloatVector im = FloatVector.fromArray(Lanes.SPECIES, x, t * LaneFft.POINT + LANES);
            FloatVector through = skip.mul(FloatVector.fromArray(Lanes.SPECIES, u, t * LANES));
            re.mul(turns[2 * t]).add(im.mul(turns[2 * t + 1])).add(through).intoArray(y, t * LANES);
        }
    }
}
