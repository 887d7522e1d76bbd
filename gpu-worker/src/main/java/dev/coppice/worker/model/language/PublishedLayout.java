package dev.coppice.worker.model.language;

import dev.coppice.worker.model.layer.ConfigKeys;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntSupplier;

/**
 * What the config says about tensors that not every checkpoint of a family holds, and about the number of rows that the embedding has.
 *
 * @param vocabulary rows of the embedding, padding included; asked only where there is no checkpoint to look into
 * @param omitted ends of the names of tensors that need not be there, such as lm_head.weight of tied embeddings
 */
public record PublishedLayout(IntSupplier vocabulary, Set<String> omitted) {

    private static final String HEAD = "lm_head.weight";
    private static final String HEAD_BIAS = "lm_head.bias";
    private static final String CONV_BIAS = "conv1d.bias";
    private static final String GATE_BIAS = "z_bias";

    public PublishedLayout {
        omitted = Set.copyOf(omitted);
    }

    /** state-spaces' layout: embeddings tied and the convolution biased unless the config denies it. */
    public static PublishedLayout original(ConfigKeys keys, ConfigKeys mixer) {
        Set<String> omitted = new TreeSet<>(Set.of(GATE_BIAS));
        if (!keys.denies("tie_embeddings")) {
            omitted.add(HEAD);
        }
        omitConvBias(omitted, mixer, "conv_bias");
        return new PublishedLayout(() -> padded(keys), omitted);
    }

    /** The layout of transformers' MambaForCausalLM, whose embeddings are tied by default. */
    public static PublishedLayout transformersMamba1(ConfigKeys keys) {
        PublishedLayout untied = transformersMamba2(keys);
        return keys.denies("tie_word_embeddings") ? untied : untied.without(HEAD);
    }

    /** The layout of transformers' Mamba2ForCausalLM, whose embeddings are tied where the config says so. */
    public static PublishedLayout transformersMamba2(ConfigKeys keys) {
        return tiedWhereSaid(keys, keys, "use_conv_bias");
    }

    /** The layout of Llama and its hybrids: tied where the config says so. */
    public static PublishedLayout llama(ConfigKeys keys, ConfigKeys mixer) {
        return tiedWhereSaid(keys, mixer, "conv_bias");
    }

    private static PublishedLayout tiedWhereSaid(ConfigKeys keys, ConfigKeys mixer, String convBias) {
        Set<String> omitted = new TreeSet<>(Set.of(GATE_BIAS));
        omitConvBias(omitted, mixer, convBias);
        PublishedLayout untied = new PublishedLayout(() -> keys.positive("vocab_size"), omitted);
        return keys.affirms("tie_word_embeddings") ? untied.without(HEAD) : untied;
    }

    /**
     * The layout of the discrete mixers' models; the head has a bias unless the config denies it.
     *
     * @param keys where the vocabulary is described
     * @param tie the key that says that embeddings are tied
     */
    public static PublishedLayout discrete(ConfigKeys keys, String tie, ConfigKeys mixer) {
        Set<String> omitted = new TreeSet<>();
        if (keys.affirms(tie)) {
            omitted.add(HEAD);
        }
        if (keys.denies("lm_head_bias")) {
            omitted.add(HEAD_BIAS);
        }
        omitConvBias(omitted, mixer, "conv_bias");
        return new PublishedLayout(() -> padded(keys), omitted);
    }

    private static void omitConvBias(Set<String> omitted, ConfigKeys mixer, String key) {
        if (mixer.denies(key)) {
            omitted.add(CONV_BIAS);
        }
    }

    private PublishedLayout without(String ending) {
        Set<String> more = new TreeSet<>(omitted);
        more.add(ending);
        return new PublishedLayout(vocabulary, more);
    }

    /** The vocabulary, filled up to a whole number of blocks of rows, 8 by default. */
    private static int padded(ConfigKeys keys) {
        int block = keys.positive("pad_vocab_size_multiple", 8);
        int blocks = (keys.positive("vocab_size") - 1) / block + 1;
        return Math.multiplyExact(blocks, block);
    }

    /** Whether a checkpoint written to this layout has this one of the tensors that not all have. */
    boolean holds(String name) {
        return omitted.stream().noneMatch(name::endsWith);
    }
}
