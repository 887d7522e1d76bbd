package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Gelu;
import dev.coppice.worker.compute.MimoParameters;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The operations as plain loops in float64: the control that fast ones are tested against. */
public final class PlainOps {

    private PlainOps() {}

    static float[] random(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    static double[] linear(float[] x, int rows, int in, float[] weight, int out, float @Nullable [] bias) {
        double[] y = new double[rows * out];
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < out; o++) {
                double sum = bias == null ? 0 : bias[o];
                for (int i = 0; i < in; i++) {
                    sum += (double) x[r * in + i] * weight[o * in + i];
                }
                y[r * out + o] = sum;
            }
        }
        return y;
    }

    static double[] mimo(MimoParameters p, float[] u, int sequences, int steps) {
        int channels = p.channels();
        double[] y = new double[sequences * steps * channels];
        for (int b = 0; b < sequences; b++) {
            for (int direction = 0; direction < p.directions(); direction++) {
                double[] re = new double[p.states()];
                double[] im = new double[p.states()];
                for (int i = 0; i < steps; i++) {
                    int t = direction == 0 ? i : steps - 1 - i;
                    int row = (b * steps + t) * channels;
                    for (int s = 0; s < p.states(); s++) {
                        double nextRe = p.lamBarRe()[s] * re[s] - p.lamBarIm()[s] * im[s];
                        double nextIm = p.lamBarRe()[s] * im[s] + p.lamBarIm()[s] * re[s];
                        for (int h = 0; h < channels; h++) {
                            nextRe += (double) p.bBar()[2 * (s * channels + h)] * u[row + h];
                            nextIm += (double) p.bBar()[2 * (s * channels + h) + 1] * u[row + h];
                        }
                        re[s] = nextRe;
                        im[s] = nextIm;
                    }
                    for (int h = 0; h < channels; h++) {
                        for (int s = 0; s < p.states(); s++) {
                            int c = 2 * ((direction * channels + h) * p.states() + s);
                            y[row + h] += p.outputFactor() * (p.c()[c] * re[s] - p.c()[c + 1] * im[s]);
                        }
                    }
                }
            }
        }
        for (int i = 0; i < y.length; i++) {
            y[i] += (double) p.d()[i % channels] * u[i];
        }
        return y;
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** GELU of a number. */
    public static double gelu(double x, Gelu form) {
        return form == Gelu.TANH
                ? 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))
                : 0.5 * x * (1 + erf(x / Math.sqrt(2)));
    }

    /** Series for small arguments, continued fraction for large ones: good to 1e-14. */
    static double erf(double x) {
        double z = Math.abs(x);
        if (z > 3) {
            double f = 0;
            for (int k = 60; k > 0; k--) {
                f = k / 2.0 / (z + f);
            }
            return Math.signum(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + f));
        }
        double term = z;
        double sum = z;
        for (int n = 1; n < 200; n++) {
            term *= -z * z / n;
            sum += term / (2 * n + 1);
        }
        return Math.signum(x) * 2 / Math.sqrt(Math.PI) * sum;
    }
}
