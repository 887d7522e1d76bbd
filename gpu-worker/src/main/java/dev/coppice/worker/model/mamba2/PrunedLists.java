package dev.coppice.worker.model.mamba2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.layer.ConfigKeys;
import java.util.List;

/** Sizes of mixers in state-spaces' layout: those of all layers in ssm_cfg, those of each layer in lists. */
final class PrunedLists {

    private PrunedLists() {}

    /** The shape of layer {@code i}; {@code shape} where the config has no lists. */
    static Mamba2Shape of(ConfigKeys keys, int i, Mamba2Shape shape) {
        return new LayerSizes(keys, LayerSizes.Form.LIST).of(i, shape);
    }

    /**
     * The config of a model with these mixers; that of {@code keys} itself where nothing is pruned. What the layout's own keys can say of all layers is
     * said by them, so that state-spaces' code reads it; only layers that differ, and what those keys cannot say, need the lists.
     */
    static JsonNode write(ConfigKeys keys, Mamba2Shape whole, List<MixerShape> mixers) {
        ObjectNode written = keys.copy();
        written.put("n_layer", mixers.size());
        if (mixers.stream().allMatch(whole::equals)) {
            return written;
        }
        mixers.forEach(mixer -> ((Mamba2Shape) mixer).requireNormOf(whole, keys.file()));
        Mamba2Shape first = (Mamba2Shape) mixers.get(0);
        Mamba2Shape sayable = whole.withStates(first.states()).withHeadWidth(first.headWidth());
        if (mixers.stream().allMatch(sayable::equals) && sayable.inner() % sayable.width() == 0) {
            ObjectNode mixer = (ObjectNode) written.get("ssm_cfg");
            mixer.put("d_state", sayable.states());
            if (sayable.headWidth() != whole.headWidth()) {
                mixer.put("headdim", sayable.headWidth()).put("expand", sayable.inner() / sayable.width());
            }
        } else {
            new LayerSizes(keys, LayerSizes.Form.LIST).write(written, mixers);
        }
        return written;
    }
}
