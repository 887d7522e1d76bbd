package dev.coppice.worker.model.mamba2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.layer.ConfigKeys;
import java.util.List;

/** Sizes of each layer in state-spaces' layout: lists. */
final class PrunedLists {

    private PrunedLists() {}

    /** The shape of layer {@code i}; {@code shape} where the config has no lists. */
    static Mamba2Shape of(ConfigKeys keys, int i, Mamba2Shape shape) {
        return new LayerSizes(keys, LayerSizes.Form.LIST).of(i, shape);
    }

    /** The config of a model with these mixers; that of {@code keys} itself where nothing is pruned. */
    static JsonNode write(ConfigKeys keys, Mamba2Shape whole, List<MixerShape> mixers) {
        ObjectNode written = keys.copy();
        written.put("n_layer", mixers.size());
        if (!mixers.stream().allMatch(whole::equals)) {
            mixers.forEach(mixer -> requireSayable(keys, whole, mixer));
            new LayerSizes(keys, LayerSizes.Form.LIST).write(written, mixers);
        }
        return written;
    }

    private static void requireSayable(ConfigKeys keys, Mamba2Shape whole, MixerShape mixer) {
        if (!(mixer instanceof Mamba2Shape shape)
                || shape.epsilon() != whole.epsilon()
                || shape.normGroups() != shape.bGroups()) {
            throw new ModelException(keys.file() + ": the model's published layout has no way to say a mixer of kind "
                    + mixer.kind() + " with these sizes. Zeroed channels change its norm: write smaller tensors");
        }
    }
}
