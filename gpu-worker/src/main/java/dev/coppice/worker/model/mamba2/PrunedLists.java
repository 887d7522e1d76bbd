package dev.coppice.worker.model.mamba2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.layer.ConfigKeys;
import dev.coppice.worker.model.mamba2.Mamba2Shape.OutProjection;
import java.util.List;
import java.util.function.ToIntFunction;

/** Sizes of each layer in state-spaces' layout, as the code of "On Pruning State-Space LLMs" writes them: keys that end in _list. */
final class PrunedLists {

    private PrunedLists() {}

    /** The shape of layer {@code i}; {@code shape} where the config has no lists. */
    static Mamba2Shape of(ConfigKeys keys, int i, Mamba2Shape shape) {
        int heads = keys.positive("nheads_list", i, shape.heads());
        int groups = keys.positive("ngroups_list", i, shape.bGroups());
        int headWidth = keys.positive("headdim_list", i, shape.headWidth());
        int inner = keys.positive("d_inner_list", i, heads * headWidth);
        if (heads % groups != 0 || inner != heads * headWidth) {
            throw new ModelException(keys.file() + ": layer " + i + " has an inner width of " + inner + ", " + heads
                    + " heads of " + headWidth + " and " + groups + " groups, which do not fit");
        }
        Mamba2Shape pruned = heads == shape.heads() ? shape : shape.withHeads(heads);
        return pruned.withHeadWidth(headWidth)
                .withStates(keys.positive("d_state_list", i, shape.states()))
                .withOutProjection(
                        keys.affirms("out_proj_bias_list", i) ? OutProjection.BIASED : OutProjection.UNBIASED);
    }

    /** The config of a model with these mixers; that of {@code keys} itself where nothing is pruned. */
    static JsonNode write(ConfigKeys keys, Mamba2Shape whole, List<MixerShape> mixers) {
        ObjectNode written = keys.copy();
        written.put("n_layer", mixers.size());
        if (mixers.stream().allMatch(whole::equals)) {
            return written;
        }
        List<Mamba2Shape> shapes =
                mixers.stream().map(mixer -> requireSayable(keys, whole, mixer)).toList();
        numbers(written, "d_inner_list", shapes, Mamba2Shape::inner);
        numbers(written, "headdim_list", shapes, Mamba2Shape::headWidth);
        numbers(written, "nheads_list", shapes, Mamba2Shape::heads);
        numbers(written, "ngroups_list", shapes, Mamba2Shape::bGroups);
        numbers(written, "d_state_list", shapes, Mamba2Shape::states);
        numbers(written, "d_ssm_list", shapes, Mamba2Shape::inner);
        numbers(written, "in_proj_out_features_list", shapes, Mamba2Shape::projected);
        numbers(written, "out_proj_in_features_list", shapes, Mamba2Shape::inner);
        numbers(written, "conv_dim_list", shapes, Mamba2Shape::convolved);
        ArrayNode in = written.putArray("in_proj_bias_list");
        ArrayNode out = written.putArray("out_proj_bias_list");
        for (Mamba2Shape shape : shapes) {
            in.add(false);
            out.add(shape.outProjection() == OutProjection.BIASED);
        }
        return written;
    }

    private static Mamba2Shape requireSayable(ConfigKeys keys, Mamba2Shape whole, MixerShape mixer) {
        if (!(mixer instanceof Mamba2Shape shape)
                || shape.epsilon() != whole.epsilon()
                || shape.normGroups() != shape.bGroups()) {
            throw new ModelException(keys.file() + ": the model's published layout has no way to say a mixer of kind "
                    + mixer.kind() + " with these sizes. Zeroed channels change its norm: write smaller tensors");
        }
        return shape;
    }

    private static void numbers(
            ObjectNode written, String key, List<Mamba2Shape> shapes, ToIntFunction<Mamba2Shape> size) {
        ArrayNode list = written.putArray(key);
        shapes.forEach(shape -> list.add(size.applyAsInt(shape)));
    }
}
