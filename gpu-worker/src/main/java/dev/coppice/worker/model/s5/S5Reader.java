package dev.coppice.worker.model.s5;

import dev.coppice.worker.model.layer.BatchNorm;
import dev.coppice.worker.model.layer.Complex;
import dev.coppice.worker.model.layer.LayerNorm;
import dev.coppice.worker.model.layer.Linear;
import dev.coppice.worker.model.layer.Norm;
import dev.coppice.worker.model.layer.NormKind;
import dev.coppice.worker.weights.TensorReader;
import java.util.ArrayList;
import java.util.List;

/** Reads the weights by their names in the flax variable tree, and discretises the systems. */
final class S5Reader {

    private final S5Config config;
    private final TensorReader tensors;

    S5Reader(S5Config config, TensorReader tensors) {
        this.config = config;
        this.tensors = tensors;
    }

    S5Weights read() {
        int channels = config.channels();
        List<S5Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            layers.add(layer("encoder/layers_" + layer));
        }
        boolean retrieval = config.head() == S5Head.RETRIEVAL;
        return new S5Weights(
                dense("params/encoder/encoder", config.inputs(), channels),
                layers,
                dense(retrieval ? "params/decoder/layer2" : "params/decoder", channels, config.classes()),
                retrieval ? dense("params/decoder/layer1", 4 * channels, channels) : null);
    }

    private S5Layer layer(String name) {
        int channels = config.channels();
        String params = "params/" + name;
        return new S5Layer(
                norm(name),
                system(params + "/seq/"),
                config.activation().hasValueLayer() ? dense(params + "/out1", channels, channels) : null,
                config.activation().hasGateLayer() ? dense(params + "/out2", channels, channels) : null);
    }

    /**
     * The discrete system (Smith et al. 2023, eq. 2 and 6): lambda = Lambda_re, clipped where the config says so, + i Lambda_im;
     * dt = step_rescale exp(log_step), one a state.
     */
    private S5System system(String name) {
        int channels = config.channels();
        int states = config.states();
        float[] re = tensors.floats(name + "Lambda_re", states); // (P)
        float[] im = tensors.floats(name + "Lambda_im", states); // (P)
        float[] logStep = tensors.floats(name + "log_step", states, 1); // (P, 1)
        float[] b = tensors.floats(name + "B", states, channels, 2); // (P, H, 2)
        double[] lamBarRe = new double[states]; // (P)
        double[] lamBarIm = new double[states]; // (P)
        double[] inputFactor = new double[2 * states]; // (P, 2)
        Double bound = config.largestRealPart();
        for (int p = 0; p < states; p++) {
            Complex lambda = new Complex(bound == null ? re[p] : Math.min(re[p], bound), im[p]);
            double dt = config.stepRescale() * Math.exp(logStep[p]);
            Complex lamBar = config.discretization().lamBar(lambda, dt);
            Complex factor = config.discretization().inputFactor(lambda, dt);
            lamBarRe[p] = lamBar.re();
            lamBarIm[p] = lamBar.im();
            inputFactor[2 * p] = factor.re();
            inputFactor[2 * p + 1] = factor.im();
        }
        return new S5System(
                channels,
                config.directions(),
                lamBarRe,
                lamBarIm,
                inputFactor,
                b,
                outputs(name),
                tensors.floats(name + "D", channels),
                config.outputFactor());
    }

    /** C of all directions, (D, H, P, 2), from whichever of the three layouts the checkpoint has. */
    private float[] outputs(String name) {
        int channels = config.channels();
        int row = 2 * config.states();
        if (config.directions() == 1) {
            return tensors.floats(name + "C", channels, config.states(), 2);
        }
        float[] c = new float[2 * channels * row]; // (2, H, P, 2)
        if (config.sharedOutput()) {
            float[] both = tensors.floats(name + "C", channels, 2 * config.states(), 2); // (H, 2P, 2)
            for (int h = 0; h < channels; h++) {
                System.arraycopy(both, 2 * h * row, c, h * row, row);
                System.arraycopy(both, (2 * h + 1) * row, c, (channels + h) * row, row);
            }
        } else {
            System.arraycopy(tensors.floats(name + "C1", channels, config.states(), 2), 0, c, 0, channels * row);
            System.arraycopy(
                    tensors.floats(name + "C2", channels, config.states(), 2), 0, c, channels * row, channels * row);
        }
        return c;
    }

    private Norm norm(String name) {
        int channels = config.channels();
        float[] scale = tensors.floats("params/" + name + "/norm/scale", channels);
        float[] bias = tensors.floats("params/" + name + "/norm/bias", channels);
        if (config.norm() == NormKind.LAYER) {
            return new LayerNorm(scale, bias, config.normEpsilon());
        }
        return new BatchNorm(
                scale,
                bias,
                tensors.floats("batch_stats/" + name + "/norm/mean", channels),
                tensors.floats("batch_stats/" + name + "/norm/var", channels),
                config.normEpsilon());
    }

    /** Flax keeps a dense kernel as (in, out); ours is (out, in). */
    private Linear dense(String name, int in, int out) {
        float[] kernel = tensors.floats(name + "/kernel", in, out);
        float[] weight = new float[kernel.length]; // (out, in)
        for (int i = 0; i < in; i++) {
            for (int o = 0; o < out; o++) {
                weight[o * in + i] = kernel[i * out + o];
            }
        }
        return new Linear(weight, tensors.floats(name + "/bias", out));
    }
}
