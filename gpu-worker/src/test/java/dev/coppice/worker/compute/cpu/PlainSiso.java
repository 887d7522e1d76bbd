package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.SisoParameters;
import java.util.Random;

/** The definition of {@link SisoParameters} in plain loops and float64, and random layers to try it on. */
final class PlainSiso {

    private PlainSiso() {}

    /** y for u (T, stride), whose first channels are the layer's; result (T, channels). */
    static double[] run(SisoParameters p, float[] u, int steps, int stride) {
        double[] y = new double[steps * p.channels()];
        for (int h = 0; h < p.channels(); h++) {
            for (int t = 0; t < steps; t++) {
                y[t * p.channels() + h] = p.d()[h] * (double) u[t * stride + h];
            }
            for (int s = p.offsets()[h]; s < p.offsets()[h + 1]; s++) {
                addForward(p, h, s, u, steps, stride, y);
                if (p.directions() == 2) {
                    addBackward(p, h, s, u, steps, stride, y);
                }
            }
        }
        return y;
    }

    private static void addForward(SisoParameters p, int h, int s, float[] u, int steps, int stride, double[] y) {
        double re = 0;
        double im = 0;
        for (int t = 0; t < steps; t++) {
            double next = p.lamBarRe()[s] * re - p.lamBarIm()[s] * im + u[t * stride + h];
            im = p.lamBarRe()[s] * im + p.lamBarIm()[s] * re;
            re = next;
            y[t * p.channels() + h] += p.weightRe()[s] * re - p.weightIm()[s] * im;
        }
    }

    private static void addBackward(SisoParameters p, int h, int s, float[] u, int steps, int stride, double[] y) {
        int weight = p.states() + s;
        double re = 0;
        double im = 0;
        for (int t = steps - 1; t >= 0; t--) {
            y[t * p.channels() + h] += p.weightRe()[weight] * re - p.weightIm()[weight] * im;
            double next = p.lamBarRe()[s] * re - p.lamBarIm()[s] * im + u[t * stride + h];
            im = p.lamBarRe()[s] * im + p.lamBarIm()[s] * re;
            re = next;
        }
    }

    /** A layer whose channel h has {@code states[h]} states, with decays and frequencies as S4D-Lin has them. */
    static SisoParameters random(int[] states, int directions, long seed) {
        Random random = new Random(seed);
        int channels = states.length;
        int[] offsets = new int[channels + 1];
        for (int h = 0; h < channels; h++) {
            offsets[h + 1] = offsets[h] + states[h];
        }
        int all = offsets[channels];
        double[] lamRe = new double[all];
        double[] lamIm = new double[all];
        double[] weightRe = new double[directions * all];
        double[] weightIm = new double[directions * all];
        float[] d = new float[channels];
        for (int h = 0; h < channels; h++) {
            double dt = 0.001 * Math.pow(100, random.nextDouble());
            for (int s = offsets[h]; s < offsets[h + 1]; s++) {
                double angle = Math.PI * (s - offsets[h]) * dt;
                lamRe[s] = Math.exp(-0.5 * dt) * Math.cos(angle);
                lamIm[s] = Math.exp(-0.5 * dt) * Math.sin(angle);
                for (int direction = 0; direction < directions; direction++) {
                    weightRe[direction * all + s] = 2 * dt * random.nextGaussian();
                    weightIm[direction * all + s] = 2 * dt * random.nextGaussian();
                }
            }
            d[h] = (float) random.nextGaussian();
        }
        return new SisoParameters(channels, directions, offsets, lamRe, lamIm, weightRe, weightIm, d);
    }

    /** {@code count} normal numbers. */
    static float[] normal(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
