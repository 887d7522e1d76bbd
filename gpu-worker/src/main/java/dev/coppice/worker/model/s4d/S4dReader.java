package dev.coppice.worker.model.s4d;

import dev.coppice.worker.model.layer.BatchNorm;
import dev.coppice.worker.model.layer.InputLayer;
import dev.coppice.worker.model.layer.LayerNorm;
import dev.coppice.worker.model.layer.Linear;
import dev.coppice.worker.model.layer.Norm;
import dev.coppice.worker.model.layer.NormKind;
import dev.coppice.worker.weights.TensorReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads the weights of either variant by the names that state-spaces/s4 gives them. */
final class S4dReader {

    private final S4dConfig config;
    private final TensorReader tensors;

    S4dReader(S4dConfig config, TensorReader tensors) {
        this.config = config;
        this.tensors = tensors;
    }

    S4dWeights read() {
        boolean standalone = config.variant() == S4dVariant.STANDALONE;
        boolean tokens = config.inputLayer() == InputLayer.TOKENS_EMBEDDING;
        int channels = config.channels();
        List<S4dLayer> layers = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            layers.add(standalone ? standaloneLayer(layer) : fullLayer(layer));
        }
        return new S4dWeights(
                tokens ? tensors.floats("encoder.weight", config.inputs(), channels) : null,
                tokens ? null : linear("encoder", channels, config.inputs()),
                layers,
                finalNorm(),
                linear(standalone ? "decoder" : "decoder.output_transform", config.classes(), channels));
    }

    /** Only the full variant has one, and only before it normalises inside the layers. */
    private @Nullable Norm finalNorm() {
        return config.variant() == S4dVariant.FULL && config.prenorm() ? norm("model.norm.norm") : null;
    }

    /** A = -exp(log_A_real) + i A_imag, B = 1, dt = exp(log_dt). */
    private S4dLayer standaloneLayer(int layer) {
        String name = "s4_layers." + layer;
        int channels = config.channels();
        int n = config.perChannel();
        double[] b = new double[2 * channels * n];
        for (int i = 0; i < b.length; i += 2) {
            b[i] = 1;
        }
        S4dContinuous system = new S4dContinuous(
                channels,
                n,
                negativeExp(doubles(name + ".kernel.log_A_real", channels, n)),
                doubles(name + ".kernel.A_imag", channels, n),
                b,
                doubles(name + ".kernel.C", channels, n, 2),
                steps(doubles(name + ".kernel.log_dt", channels)),
                tensors.floats(name + ".D", channels));
        Linear output = new Linear(
                tensors.floats(config.outputName(layer) + ".weight", 2 * channels, channels, 1),
                tensors.floats(config.outputName(layer) + ".bias", 2 * channels));
        return new S4dLayer(norm("norms." + layer), discretised(system), output);
    }

    /** A = -exp(A_real) - i A_imag, with the minus sign that this variant has, dt as the config says. */
    private S4dLayer fullLayer(int layer) {
        String name = "model.layers." + layer;
        String kernel = name + ".layer.layer.kernel";
        int channels = config.channels();
        int n = config.perChannel();
        int rows = config.poleRows();
        S4dContinuous system = new S4dContinuous(
                channels,
                n,
                negativeExp(doubles(kernel + ".A_real", rows, n)),
                Arrays.stream(doubles(kernel + ".A_imag", rows, n))
                        .map(imaginary -> -imaginary)
                        .toArray(),
                doubles(kernel + ".B", 1, rows, n, 2),
                doubles(kernel + ".C", config.directions(), channels, n, 2),
                steps(doubles(kernel + ".inv_dt", channels, 1)),
                tensors.floats(name + ".layer.layer.D", 1, channels));
        return new S4dLayer(
                norm(name + ".norm.norm"),
                discretised(system),
                linear(config.outputName(layer), 2 * channels, channels));
    }

    private double[] doubles(String name, int... shape) {
        float[] values = tensors.floats(name, shape);
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private S4dSystem discretised(S4dContinuous system) {
        return S4dDiscretisation.discretise(system, config.discretization());
    }

    private double[] steps(double[] stored) {
        return Arrays.stream(stored).map(config.stepTransform()::apply).toArray();
    }

    private static double[] negativeExp(double[] values) {
        return Arrays.stream(values).map(value -> -Math.exp(value)).toArray();
    }

    private Linear linear(String name, int out, int in) {
        return new Linear(tensors.floats(name + ".weight", out, in), tensors.floats(name + ".bias", out));
    }

    private Norm norm(String name) {
        int channels = config.channels();
        float[] scale = tensors.floats(name + ".weight", channels);
        float[] bias = tensors.floats(name + ".bias", channels);
        if (config.norm() == NormKind.LAYER) {
            return new LayerNorm(scale, bias, config.normEpsilon());
        }
        return new BatchNorm(
                scale,
                bias,
                tensors.floats(name + ".running_mean", channels),
                tensors.floats(name + ".running_var", channels),
                config.normEpsilon());
    }
}
