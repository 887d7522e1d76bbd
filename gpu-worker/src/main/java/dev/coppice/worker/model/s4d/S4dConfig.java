package dev.coppice.worker.model.s4d;

import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.model.layer.ConfigKeys;
import dev.coppice.worker.model.layer.Discretization;
import dev.coppice.worker.model.layer.InputEncoder;
import dev.coppice.worker.model.layer.InputLayer;
import dev.coppice.worker.model.layer.NormKind;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Hyper-parameters, from config.json (its keys are those of the fixtures' README).
 *
 * @param variant which published form
 * @param inputLayer embedding of tokens, or linear encoder of values
 * @param inputs vocabulary or channels of the input
 * @param channels H
 * @param layers number of layers
 * @param classes number of classes
 * @param perChannel n
 * @param poleRows R, rows of eigenvalues that the channels share; H where they share none
 * @param directions D
 * @param stepTransform how dt is stored
 * @param discretization how the systems are discretised
 * @param norm which norm
 * @param normEpsilon added to its variance
 * @param prenorm whether the norm comes before the block, else after the residual sum
 * @param masked whether sequences have lengths: the systems then see zeros in the padding
 * @param steps T
 * @param encoder how raw inputs become batches
 */
record S4dConfig(
        S4dVariant variant,
        InputLayer inputLayer,
        int inputs,
        int channels,
        int layers,
        int classes,
        int perChannel,
        int poleRows,
        int directions,
        StepTransform stepTransform,
        Discretization discretization,
        NormKind norm,
        double normEpsilon,
        boolean prenorm,
        boolean masked,
        int steps,
        InputEncoder encoder)
        implements ModelConfig {

    static S4dConfig read(ConfigKeys keys, InputEncoder encoder) {
        S4dVariant variant = keys.choice("variant", S4dVariant.class);
        int channels = keys.positive("d_model");
        return new S4dConfig(
                        variant,
                        inputLayer(keys),
                        keys.positive("d_input"),
                        channels,
                        keys.positive("n_layers"),
                        keys.positive("d_output"),
                        perChannel(keys),
                        poleRows(keys, variant, channels),
                        keys.flag("bidirectional") ? 2 : 1,
                        keys.choice("dt_transform", StepTransform.class),
                        keys.choice("discretization", Discretization.class),
                        keys.choice("norm", NormKind.class),
                        keys.number("norm_eps"),
                        keys.flag("prenorm"),
                        keys.flag("padded"),
                        keys.positive("seq_len"),
                        encoder)
                .checked(keys);
    }

    @Override
    public String architecture() {
        return S4dFamily.NAME;
    }

    /** The dense layers of the gated linear units. B and C are vectors of each channel's own system: no input is shared, no matrix there. */
    @Override
    public List<WeightMatrix> matrices() {
        return IntStream.range(0, layers)
                .mapToObj(layer ->
                        new WeightMatrix(outputName(layer) + ".weight", layer, MatrixRole.GLU, 2 * channels, channels))
                .toList();
    }

    /** Name of the dense layer of a layer's gated linear unit. */
    String outputName(int layer) {
        return variant == S4dVariant.STANDALONE
                ? "s4_layers." + layer + ".output_linear.0"
                : "model.layers." + layer + ".layer.output_linear.0";
    }

    @Override
    public boolean hasBatchNorm() {
        return norm == NormKind.BATCH;
    }

    @Override
    public @Nullable String refusal(InputSpec inputs) {
        if (inputs.paired()) {
            return "the model takes single sequences, the task has pairs";
        }
        String refusal = InputEncoder.refusal(inputs, classes);
        return refusal == null ? encoder.refusal(inputs) : refusal;
    }

    private static InputLayer inputLayer(ConfigKeys keys) {
        InputLayer layer = keys.choice("input_kind", InputLayer.class);
        if (layer == InputLayer.TOKENS_ONEHOT) {
            throw keys.wrong("input_kind", "tokens_embedding or continuous, which are what S4D models have");
        }
        return layer;
    }

    private static int perChannel(ConfigKeys keys) {
        int stored = keys.positive("states_per_channel_stored");
        if (keys.positive("d_state") != 2 * stored) {
            throw keys.wrong("states_per_channel_stored", "half of d_state (" + keys.positive("d_state") + ")");
        }
        return stored;
    }

    private static int poleRows(ConfigKeys keys, S4dVariant variant, int channels) {
        if (variant == S4dVariant.STANDALONE && !keys.has("n_ssm")) {
            return channels;
        }
        int rows = keys.positive("n_ssm");
        if (channels % rows != 0) {
            throw keys.wrong("n_ssm", "a divisor of d_model (" + channels + ")");
        }
        return rows;
    }

    /** Refuses what no published S4D model does, so that no key is read and then not followed. */
    private S4dConfig checked(ConfigKeys keys) {
        require(keys, "gelu", "erf");
        require(keys, "head", "classification");
        require(keys, "pooling", "mean");
        if (keys.has("step_rescale") && keys.number("step_rescale") != 1) {
            throw keys.wrong("step_rescale", "1: only S5's steps can be rescaled");
        }
        if (variant == S4dVariant.STANDALONE) {
            requireStandalone(keys, "bidirectional", directions == 1, "false");
            requireStandalone(keys, "discretization", discretization == Discretization.ZOH, "zoh");
            requireStandalone(keys, "dt_transform", stepTransform == StepTransform.EXP, "exp");
            requireStandalone(keys, "n_ssm", poleRows == channels, "null: every channel has eigenvalues of its own");
            requireStandalone(keys, "norm", norm == NormKind.LAYER, "layer");
            requireStandalone(keys, "padded", !masked, "false");
            requireStandalone(keys, "input_kind", inputLayer == InputLayer.CONTINUOUS, "continuous");
        }
        return this;
    }

    private static void require(ConfigKeys keys, String key, String value) {
        if (!value.equals(keys.value(key).textValue())) {
            throw keys.wrong(key, value);
        }
    }

    private static void requireStandalone(ConfigKeys keys, String key, boolean holds, String value) {
        if (!holds) {
            throw keys.wrong(key, value + " with the variant standalone");
        }
    }
}
