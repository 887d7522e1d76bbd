package dev.coppice.worker.prune;

import static java.util.Objects.requireNonNull;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Gelu;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.cpu.PlainOps;
import dev.coppice.worker.model.DiscreteParameters;
import dev.coppice.worker.model.LayeredModel;
import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.NamedArray;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.model.WeightMatrix;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What goes into the matrices of a classifier, from one run of the whole model: norms and the systems' outputs as the model shows them,
 * states and GELUs by plain loops in float64.
 */
final class PlainInputs {

    private final ModelConfig config;
    private final SequenceBatch batch;
    private final Map<String, float[]> seen = new HashMap<>(); // (B, T, H) each
    private final Map<String, double[]> parameters;
    private final Map<String, double[][]> inputs = new LinkedHashMap<>();

    private PlainInputs(LayeredModel model, SequenceBatch batch, Compute compute) {
        config = model.config();
        this.batch = batch;
        try (Scope scope = compute.scope()) {
            ((SequenceClassifier) model)
                    .on(compute)
                    .logits(compute, batch, (name, lane, tensor) -> seen.put(name, lane.download(tensor)));
        }
        parameters = ((DiscreteParameters) model)
                .discreteParameters().stream().collect(Collectors.toMap(NamedArray::name, NamedArray::values));
        for (WeightMatrix matrix : model.matrices()) {
            inputs.put(matrix.name(), of(matrix));
        }
    }

    /** Of each matrix, by its name: (valid steps of all sequences, inputs). */
    static Map<String, double[][]> of(LayeredModel model, SequenceBatch batch, Compute compute) {
        return new PlainInputs(model, batch, compute).inputs;
    }

    private double[][] of(WeightMatrix matrix) {
        String layer = "layer" + matrix.layer() + ".";
        int steps = batch.steps();
        double[][] all = new double[batch.sequences() * steps][];
        if (matrix.role() == MatrixRole.GLU) {
            Gelu form = config.architecture().equals("s5") ? Gelu.TANH : Gelu.ERF;
            float[] y = seen(layer + "ssm_out");
            int channels = y.length / all.length;
            for (int row = 0; row < all.length; row++) {
                all[row] = new double[channels];
                for (int h = 0; h < channels; h++) {
                    all[row][h] = PlainOps.gelu(y[row * channels + h], form);
                }
            }
            return valid(all);
        }
        float[] u = seen.containsKey(layer + "norm_out") && !isPostnorm(layer)
                ? seen(layer + "norm_out")
                : seen(matrix.layer() == 0 ? "encoder_out" : "layer" + (matrix.layer() - 1) + ".out");
        int channels = u.length / all.length;
        if (matrix.role() == MatrixRole.MIXER_IN) {
            for (int row = 0; row < all.length; row++) {
                all[row] = new double[channels];
                for (int h = 0; h < channels; h++) {
                    all[row][h] = u[row * channels + h];
                }
            }
            return valid(all);
        }
        return valid(states(layer, u, channels, matrix));
    }

    /** A norm behind the system has seen what the system gave. */
    private boolean isPostnorm(String layer) {
        return Arrays.equals(seen(layer + "norm_out"), seen(layer + "out"));
    }

    /** Re x, -Im x of each state in the directions that the matrix reads. */
    private double[][] states(String layer, float[] u, int channels, WeightMatrix matrix) {
        double[] lamRe = parameter(layer + "lam_bar_re");
        double[] lamIm = parameter(layer + "lam_bar_im");
        double[] bRe = parameter(layer + "b_bar_re");
        double[] bIm = parameter(layer + "b_bar_im");
        int states = lamRe.length;
        int first = matrix.name().endsWith("C2") ? 1 : 0;
        double[][] all = new double[batch.sequences() * batch.steps()][matrix.inputs()];
        for (int b = 0; b < batch.sequences(); b++) {
            for (int d = 0; d < matrix.inputs() / states / 2; d++) {
                double[] re = new double[states];
                double[] im = new double[states];
                for (int i = 0; i < batch.steps(); i++) {
                    int t = first + d == 0 ? i : batch.steps() - 1 - i;
                    int row = b * batch.steps() + t;
                    for (int s = 0; s < states; s++) {
                        double nextRe = lamRe[s] * re[s] - lamIm[s] * im[s];
                        double nextIm = lamRe[s] * im[s] + lamIm[s] * re[s];
                        for (int h = 0; h < channels; h++) {
                            nextRe += bRe[s * channels + h] * u[row * channels + h];
                            nextIm += bIm[s * channels + h] * u[row * channels + h];
                        }
                        re[s] = nextRe;
                        im[s] = nextIm;
                        all[row][2 * (d * states + s)] = re[s];
                        all[row][2 * (d * states + s) + 1] = -im[s];
                    }
                }
            }
        }
        return all;
    }

    private double[][] valid(double[][] all) {
        double[][] valid = new double[(int) batch.validSteps()][];
        int next = 0;
        for (int b = 0; b < batch.sequences(); b++) {
            for (int t = 0; t < batch.lengths()[b]; t++) {
                valid[next++] = all[b * batch.steps() + t];
            }
        }
        return valid;
    }

    private float[] seen(String name) {
        return requireNonNull(seen.get(name), name);
    }

    private double[] parameter(String name) {
        return requireNonNull(parameters.get(name), name);
    }
}
