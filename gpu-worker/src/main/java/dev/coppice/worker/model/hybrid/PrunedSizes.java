package dev.coppice.worker.model.hybrid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.model.language.AbsentMixer;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.language.UniformMixers;
import dev.coppice.worker.model.layer.ConfigKeys;
import dev.coppice.worker.model.mamba2.LayerSizes;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import dev.coppice.worker.model.mamba2.Mamba2Shape.Part;
import java.util.List;

/**
 * Sizes of each Mamba layer in mamba_config.json: objects. The code of "On Pruning State-Space LLMs" ties the rows of B to those of x;
 * {@code d_b_dict} is our addition, so that one can shrink without the other.
 */
final class PrunedSizes {

    private PrunedSizes() {}

    /** The shape of layer {@code i}; {@code shape} where the config says nothing of it. */
    static Mamba2Shape of(ConfigKeys keys, int i, Mamba2Shape shape) {
        LayerSizes sizes = new LayerSizes(keys, LayerSizes.Form.OBJECT);
        sizes.require("nheads", i, shape.heads()); // several share an x: none can go
        Mamba2Shape pruned = sizes.of(i, shape);
        sizes.require("d_xb", i, pruned.rows(Part.X));
        sizes.require("d_b", i, pruned.rows(Part.B));
        return pruned;
    }

    /** The config of a model with these mixers; that of {@code keys} itself where nothing is pruned. */
    static JsonNode write(ConfigKeys keys, Mamba2Shape whole, List<MixerShape> mixers) {
        ObjectNode written = keys.copy();
        if (written.has("n_layer")) {
            written.put("n_layer", mixers.size());
        }
        if (mixers.stream().anyMatch(AbsentMixer.class::isInstance)) {
            throw UniformMixers.withoutMixer(keys.file());
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
        for (MixerShape mixer : mixers) {
            if (mixer instanceof Mamba2Shape shape) {
                shape.requireNormOf(whole, keys.file());
            }
        }
        LayerSizes sizes = new LayerSizes(keys, LayerSizes.Form.OBJECT);
        sizes.write(written, mixers);
        sizes.numbers(written, "d_xb", mixers, shape -> shape.rows(Part.X));
        sizes.numbers(written, "d_b", mixers, shape -> shape.rows(Part.B));
        sizes.numbers(written, "D", mixers, Mamba2Shape::heads);
        return written;
    }
}
