package dev.coppice.worker.model.s5;

import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.model.layer.ConfigKeys;
import dev.coppice.worker.model.layer.Discretization;
import dev.coppice.worker.model.layer.InputEncoder;
import dev.coppice.worker.model.layer.InputLayer;
import dev.coppice.worker.model.layer.NormKind;
import dev.coppice.worker.model.layer.Pooling;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Hyper-parameters, from config.json (its keys are those of the fixtures' README).
 *
 * @param head one sequence, or a pair of documents, gets a class
 * @param inputLayer one-hot tokens or real channels; both go through a dense layer
 * @param inputs vocabulary or channels of the input
 * @param channels H
 * @param layers number of layers
 * @param classes number of classes
 * @param states P
 * @param conjugatePairs whether only one state of each conjugate pair is stored
 * @param directions 1 or 2
 * @param sharedOutput whether both directions' C lie in one tensor (C_init complex_normal)
 * @param discretization how the systems are discretised
 * @param stepRescale factor of every step size
 * @param largestRealPart bound above Lambda_re (clip_eigs); null without
 * @param activation what follows the system
 * @param norm which norm
 * @param normEpsilon added to its variance
 * @param prenorm whether the norm comes before the block, else after the residual sum
 * @param pooling how the steps become one vector
 * @param steps T
 * @param encoder how raw inputs become batches
 */
record S5Config(
        S5Head head,
        InputLayer inputLayer,
        int inputs,
        int channels,
        int layers,
        int classes,
        int states,
        boolean conjugatePairs,
        int directions,
        boolean sharedOutput,
        Discretization discretization,
        double stepRescale,
        @Nullable Double largestRealPart,
        S5Activation activation,
        NormKind norm,
        double normEpsilon,
        boolean prenorm,
        Pooling pooling,
        int steps,
        InputEncoder encoder)
        implements ModelConfig {

    static S5Config read(ConfigKeys keys, InputEncoder encoder) {
        InputLayer inputLayer = keys.choice("input_kind", InputLayer.class);
        if (inputLayer == InputLayer.TOKENS_EMBEDDING) {
            throw keys.wrong("input_kind", "tokens_onehot or continuous: S5 has a dense encoder");
        }
        boolean bidirectional = keys.flag("bidirectional");
        Pooling pooling = keys.choice("pooling", Pooling.class);
        if (pooling == Pooling.LAST && keys.flag("padded")) {
            throw keys.wrong("pooling", "mean: the last step of a padded sequence is padding");
        }
        return new S5Config(
                keys.choice("head", S5Head.class),
                inputLayer,
                keys.positive("d_input"),
                keys.positive("d_model"),
                keys.positive("n_layers"),
                keys.positive("d_output"),
                states(keys),
                keys.flag("conj_sym"),
                bidirectional ? 2 : 1,
                bidirectional
                        && keys.has("C_init")
                        && keys.value("C_init").asText().equals("complex_normal"),
                keys.choice("discretization", Discretization.class),
                stepRescale(keys),
                largestRealPart(keys),
                keys.choice("activation", S5Activation.class),
                keys.choice("norm", NormKind.class),
                keys.number("norm_eps"),
                keys.flag("prenorm"),
                pooling,
                keys.positive("seq_len"),
                encoder);
    }

    private static int states(ConfigKeys keys) {
        int stored = keys.positive("state_size_stored");
        int size = keys.positive("ssm_size_base");
        int expected = keys.flag("conj_sym") ? size / 2 : size;
        if (stored != expected) {
            throw keys.wrong("state_size_stored", expected + ", which follows from ssm_size_base and conj_sym");
        }
        return stored;
    }

    private static double stepRescale(ConfigKeys keys) {
        double factor = keys.has("step_rescale") ? keys.number("step_rescale") : 1;
        if (!(factor > 0)) {
            throw keys.wrong("step_rescale", "a number above 0");
        }
        return factor;
    }

    private static @Nullable Double largestRealPart(ConfigKeys keys) {
        if (!keys.has("clip_eigs") || !keys.flag("clip_eigs")) {
            return null;
        }
        return keys.has("clip_eigs_max_real") ? keys.number("clip_eigs_max_real") : -1e-4;
    }

    /** The same model for data sampled at another rate: 2 for half the rate it was trained at (Smith et al. 2023, 6.2). */
    S5Config withStepRescale(double factor) {
        return new S5Config(
                head,
                inputLayer,
                inputs,
                channels,
                layers,
                classes,
                states,
                conjugatePairs,
                directions,
                sharedOutput,
                discretization,
                factor,
                largestRealPart,
                activation,
                norm,
                normEpsilon,
                prenorm,
                pooling,
                steps,
                encoder);
    }

    /** Factor of the output: 2 stands for the conjugates that are not stored. */
    double outputFactor() {
        return conjugatePairs ? 2 : 1;
    }

    @Override
    public String architecture() {
        return S5Family.NAME;
    }

    @Override
    public List<WeightMatrix> matrices() {
        S5Matrices matrices = new S5Matrices(this);
        return IntStream.range(0, layers)
                .boxed()
                .flatMap(layer -> matrices.of(layer, states).stream())
                .toList();
    }

    @Override
    public boolean hasBatchNorm() {
        return norm == NormKind.BATCH;
    }

    @Override
    public @Nullable String refusal(InputSpec inputSpec) {
        String refusal = InputEncoder.refusal(inputSpec, classes);
        if (refusal != null) {
            return refusal;
        }
        if (inputSpec.paired() != (head == S5Head.RETRIEVAL)) {
            return inputSpec.paired()
                    ? "the task has pairs of documents, the model takes one sequence"
                    : "the model takes pairs of documents, the task has single sequences";
        }
        return encoder.refusal(inputSpec);
    }
}
