package dev.coppice.worker.model.hybrid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.language.AbsentMixer;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.layer.ConfigKeys;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import dev.coppice.worker.model.mamba2.Mamba2Shape.OutProjection;
import dev.coppice.worker.model.mamba2.Mamba2Shape.Part;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Sizes of each Mamba layer in mamba_config.json, by the layer's number in objects whose keys end in _dict, as the code of "On Pruning State-Space
 * LLMs" writes them. That code ties the rows of B to those of x; {@code d_b_dict} is our addition, so that one can shrink without the
 * other.
 */
final class PrunedSizes {

    private PrunedSizes() {}

    /** The shape of layer {@code i}; {@code shape} where the config says nothing of it. */
    static Mamba2Shape of(ConfigKeys keys, int i, Mamba2Shape shape) {
        int headWidth = size(keys, "headdim_dict", i, shape.headWidth());
        int states = size(keys, "d_state_dict", i, shape.states());
        Mamba2Shape pruned = shape.withHeadWidth(headWidth).withStates(states);
        require(keys, "d_inner_dict", i, pruned.inner());
        require(keys, "nheads_dict", i, pruned.heads());
        require(keys, "ngroups_dict", i, pruned.cGroups());
        require(keys, "d_xb_dict", i, pruned.rows(Part.X));
        require(keys, "d_b_dict", i, pruned.rows(Part.B));
        boolean biased = keys.within("out_proj_bias_dict").affirms(String.valueOf(i));
        return biased ? pruned.withOutProjection(OutProjection.BIASED) : pruned;
    }

    private static int size(ConfigKeys keys, String key, int layer, int otherwise) {
        return keys.within(key).positive(String.valueOf(layer), otherwise);
    }

    private static void require(ConfigKeys keys, String key, int layer, int expected) {
        if (size(keys, key, layer, expected) != expected) {
            throw keys.within(key).wrong(String.valueOf(layer), expected + ", which the layer's other sizes ask for");
        }
    }

    /** The config of a model with these mixers; that of {@code keys} itself where nothing is pruned. */
    static JsonNode write(ConfigKeys keys, Mamba2Shape whole, List<MixerShape> mixers) {
        ObjectNode written = keys.copy();
        if (written.has("n_layer")) {
            written.put("n_layer", mixers.size());
        }
        if (mixers.stream().anyMatch(AbsentMixer.class::isInstance)) {
            throw new ModelException(
                    keys.file() + ": the model's published layout has no way to say that a block has no "
                            + "mixer. Write the pruned model with zeros in place of what is pruned instead");
        }
        ArrayNode attention = written.putArray("attn_layers");
        for (int i = 0; i < mixers.size(); i++) {
            if (mixers.get(i) instanceof AttentionShape) {
                attention.add(i);
            }
        }
        if (mixers.stream().allMatch(mixer -> mixer instanceof AttentionShape || mixer.equals(whole))) {
            return written;
        }
        numbers(written, "d_inner_dict", mixers, Mamba2Shape::inner);
        numbers(written, "d_xb_dict", mixers, shape -> shape.rows(Part.X));
        numbers(written, "d_b_dict", mixers, shape -> shape.rows(Part.B));
        numbers(written, "headdim_dict", mixers, Mamba2Shape::headWidth);
        numbers(written, "nheads_dict", mixers, Mamba2Shape::heads);
        numbers(written, "ngroups_dict", mixers, Mamba2Shape::cGroups);
        numbers(written, "d_state_dict", mixers, Mamba2Shape::states);
        numbers(written, "d_ssm_dict", mixers, Mamba2Shape::inner);
        numbers(written, "in_proj_out_features_dict", mixers, Mamba2Shape::projected);
        numbers(written, "out_proj_in_features_dict", mixers, Mamba2Shape::inner);
        numbers(written, "conv_dim_dict", mixers, Mamba2Shape::convolved);
        numbers(written, "D_dict", mixers, Mamba2Shape::heads);
        ObjectNode in = written.putObject("in_proj_bias_dict");
        ObjectNode out = written.putObject("out_proj_bias_dict");
        for (int i = 0; i < mixers.size(); i++) {
            if (mixers.get(i) instanceof Mamba2Shape shape) {
                requireSayable(keys, whole, shape);
                in.put(String.valueOf(i), false);
                out.put(String.valueOf(i), shape.outProjection() == OutProjection.BIASED);
            }
        }
        return written;
    }

    private static void requireSayable(ConfigKeys keys, Mamba2Shape whole, Mamba2Shape shape) {
        if (shape.epsilon() != whole.epsilon()) {
            throw new ModelException(keys.file()
                    + ": the model's published layout has no way to say that zeroed channels do not count in the mixer's norm;"
                    + " write smaller tensors");
        }
    }

    private static void numbers(
            ObjectNode written, String key, List<MixerShape> mixers, ToIntFunction<Mamba2Shape> size) {
        ObjectNode sizes = written.putObject(key);
        for (int i = 0; i < mixers.size(); i++) {
            if (mixers.get(i) instanceof Mamba2Shape shape) {
                sizes.put(String.valueOf(i), size.applyAsInt(shape));
            }
        }
    }
}
