package dev.coppice.worker.model.mamba2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
            mixers.forEach(mixer -> ((Mamba2Shape) mixer).requireNormOf(whole, keys.file()));
            new LayerSizes(keys, LayerSizes.Form.LIST).write(written, mixers);
        }
        return written;
    }
}
