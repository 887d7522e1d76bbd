package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.SsdParameters;
import dev.coppice.worker.compute.SsdStep;
import org.jspecify.annotations.Nullable;

/** The operations along packed sequences as plain loops in float64: the control that fast ones are tested against. */
final class PlainLanguage {

    private PlainLanguage() {}

    /** Output and states of an operation along sequences. */
    record Result(double[] output, double[] state) {}

    static double silu(double x) {
        return x * PlainOps.sigmoid(x);
    }

    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    static double[] rmsNorm(double[] x, int rows, float[] scale, int groups, double epsilon) {
        int channels = scale.length;
        int width = channels / groups;
        double[] y = new double[x.length];
        for (int from = 0; from < rows * channels; from += width) {
            double squares = 0;
            for (int i = from; i < from + width; i++) {
                squares += x[i] * x[i];
            }
            for (int i = from; i < from + width; i++) {
                y[i] = x[i] / Math.sqrt(squares / width + epsilon) * scale[i % channels];
            }
        }
        return y;
    }

    /** x (R, C), weight (C, K), start (S', C, K) or null. */
    static Result conv(
            float[] x,
            float[] weight,
            float[] bias,
            ConvActivation activation,
            Segments segments,
            float @Nullable [] start,
            int[] parents) {
        int channels = bias.length;
        int width = weight.length / channels;
        double[] y = new double[x.length];
        double[] window = new double[segments.count() * channels * width];
        for (int s = 0; s < segments.count(); s++) {
            for (int c = 0; c < channels; c++) {
                double[] inputs = new double[width + segments.length(s)];
                for (int k = 0; k < width && start != null; k++) {
                    inputs[k] = start[(parents[s] * channels + c) * width + k];
                }
                for (int t = 0; t < segments.length(s); t++) {
                    inputs[width + t] = x[(segments.start(s) + t) * channels + c];
                    double sum = bias[c];
                    for (int k = 0; k < width; k++) {
                        sum += weight[c * width + k] * inputs[t + 1 + k];
                    }
                    y[(segments.start(s) + t) * channels + c] = activation == ConvActivation.SILU ? silu(sum) : sum;
                }
                System.arraycopy(inputs, segments.length(s), window, (s * channels + c) * width, width);
            }
        }
        return new Result(y, window);
    }

    /** x (R, xHeads P), b (R, bGroups N), c (R, cGroups N), dt (R, H), start (S', H, P, N) or null. */
    static Result ssd(
            SsdParameters p,
            float[] x,
            float[] b,
            float[] c,
            float[] dt,
            Segments segments,
            float @Nullable [] start,
            int[] parents) {
        int width = p.headWidth();
        int states = p.states();
        int size = width * states;
        double[] y = new double[segments.rows() * p.heads() * width];
        double[] after = new double[segments.count() * p.heads() * size];
        for (int s = 0; s < segments.count(); s++) {
            for (int h = 0; h < p.heads(); h++) {
                int at = (s * p.heads() + h) * size;
                float[] a = p.a();
                double rate = p.step() == SsdStep.DISCRETE || a == null ? 1 : -a[h];
                for (int i = 0; i < size && start != null; i++) {
                    after[at + i] = start[(parents[s] * p.heads() + h) * size + i];
                }
                for (int row = segments.start(s); row < segments.start(s) + segments.length(s); row++) {
                    double bias = p.dtBias() == null ? 0 : p.dtBias()[h];
                    double step = softplus(dt[row * p.heads() + h] + bias);
                    boolean continuous = p.step() == SsdStep.CONTINUOUS;
                    step = continuous ? Math.min(Math.max(step, p.dtMin()), p.dtMax()) : step;
                    double decay = Math.exp(-step * rate);
                    for (int i = 0; i < width; i++) {
                        double in = x[(row * p.xHeads() + h / (p.heads() / p.xHeads())) * width + i];
                        double out = p.d() == null ? 0 : p.d()[h] * in;
                        for (int n = 0; n < states; n++) {
                            double input = b[(row * p.bGroups() + h / (p.heads() / p.bGroups())) * states + n];
                            double output = c[(row * p.cGroups() + h / (p.heads() / p.cGroups())) * states + n];
                            int j = at + i * states + n;
                            after[j] = decay * after[j] + (continuous ? step : 1) * in * input;
                            out += after[j] * output;
                        }
                        y[(row * p.heads() + h) * width + i] = out;
                    }
                }
            }
        }
        return new Result(y, after);
    }

    /** a (C, N), x and dt (R, C), b and c (R, N), start (S', C, N) or null. */
    static Result selective(
            float[] a,
            float[] d,
            float[] dtBias,
            float[] x,
            float[] dt,
            float[] b,
            float[] c,
            Segments segments,
            float @Nullable [] start,
            int[] parents) {
        int channels = d.length;
        int states = a.length / channels;
        double[] y = new double[x.length];
        double[] after = new double[segments.count() * channels * states];
        for (int s = 0; s < segments.count(); s++) {
            for (int i = 0; i < channels * states && start != null; i++) {
                after[s * channels * states + i] = start[parents[s] * channels * states + i];
            }
            for (int row = segments.start(s); row < segments.start(s) + segments.length(s); row++) {
                for (int h = 0; h < channels; h++) {
                    double step = softplus((double) dt[row * channels + h] + dtBias[h]);
                    double in = x[row * channels + h];
                    double out = d[h] * in;
                    for (int n = 0; n < states; n++) {
                        int j = (s * channels + h) * states + n;
                        double input = step * in * b[row * states + n];
                        after[j] = Math.exp(step * a[h * states + n]) * after[j] + input;
                        out += after[j] * c[row * states + n];
                    }
                    y[row * channels + h] = out;
                }
            }
        }
        return new Result(y, after);
    }

    /** query (R, heads P), keys and values (R', kvHeads P). */
    static double[] attention(
            float[] query, float[] keys, float[] values, int heads, int kvHeads, int width, Segments q, Segments kv) {
        double[] y = new double[query.length];
        for (int s = 0; s < q.count(); s++) {
            for (int t = 0; t < q.length(s); t++) {
                int visible = kv.length(s) - q.length(s) + t + 1;
                for (int h = 0; h < heads; h++) {
                    int at = ((q.start(s) + t) * heads + h) * width;
                    double total = 0;
                    double[] sums = new double[width];
                    for (int k = 0; k < visible; k++) {
                        int from = ((kv.start(s) + k) * kvHeads + h / (heads / kvHeads)) * width;
                        double score = 0;
                        for (int i = 0; i < width; i++) {
                            score += (double) query[at + i] * keys[from + i];
                        }
                        double weight = Math.exp(score / Math.sqrt(width));
                        total += weight;
                        for (int i = 0; i < width; i++) {
                            sums[i] += weight * values[from + i];
                        }
                    }
                    for (int i = 0; i < width; i++) {
                        y[at + i] = sums[i] / total;
                    }
                }
            }
        }
        return y;
    }
}
