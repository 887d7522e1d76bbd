package dev.coppice.worker.model.mamba2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.layer.ConfigKeys;
import dev.coppice.worker.model.mamba2.Mamba2Shape.OutProjection;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Sizes of each layer's mixer in a config, as the code of "On Pruning State-Space LLMs" writes them: a key for each size, which holds all layers'
 * numbers.
 */
public final class LayerSizes {

    /** How a key holds the layers' numbers. */
    public enum Form {
        /** In a list, by the layer's place; the key ends in _list. */
        LIST("_list") {
            @Override
            int size(ConfigKeys keys, String key, int layer, int otherwise) {
                return keys.positive(key, layer, otherwise);
            }

            @Override
            boolean affirms(ConfigKeys keys, String key, int layer) {
                return keys.affirms(key, layer);
            }

            @Override
            void write(ObjectNode written, String key, List<MixerShape> mixers, Function<Mamba2Shape, JsonNode> value) {
                var list = written.putArray(key);
                mixers.forEach(mixer -> list.add(value.apply((Mamba2Shape) mixer)));
            }
        },
        /** In an object, by the layer's number; the key ends in _dict. Layers of other mixers have none. */
        OBJECT("_dict") {
            @Override
            int size(ConfigKeys keys, String key, int layer, int otherwise) {
                return keys.within(key).positive(String.valueOf(layer), otherwise);
            }

            @Override
            boolean affirms(ConfigKeys keys, String key, int layer) {
                return keys.within(key).affirms(String.valueOf(layer));
            }

            @Override
            void write(ObjectNode written, String key, List<MixerShape> mixers, Function<Mamba2Shape, JsonNode> value) {
                ObjectNode object = written.putObject(key);
                for (int i = 0; i < mixers.size(); i++) {
                    if (mixers.get(i) instanceof Mamba2Shape shape) {
                        object.set(String.valueOf(i), value.apply(shape));
                    }
                }
            }
        };

        private final String ending;

        Form(String ending) {
            this.ending = ending;
        }

        abstract int size(ConfigKeys keys, String key, int layer, int otherwise);

        abstract boolean affirms(ConfigKeys keys, String key, int layer);

        abstract void write(
                ObjectNode written, String key, List<MixerShape> mixers, Function<Mamba2Shape, JsonNode> value);
    }

    private final ConfigKeys keys;
    private final Form form;

    /** The sizes that {@code keys} hold in this form. */
    public LayerSizes(ConfigKeys keys, Form form) {
        this.keys = keys;
        this.form = form;
    }

    /**
     * The shape of a layer.
     *
     * @param shape what the config says of all layers, and holds where it says nothing of this one
     * @throws dev.coppice.worker.model.ModelException when the layer's sizes do not fit each other
     */
    public Mamba2Shape of(int layer, Mamba2Shape shape) {
        int heads = size("nheads", layer, shape.heads());
        Mamba2Shape pruned = (heads == shape.heads() ? shape : shape.withHeads(heads))
                .withHeadWidth(size("headdim", layer, shape.headWidth()))
                .withStates(size("d_state", layer, shape.states()));
        require("ngroups", layer, pruned.cGroups());
        require("d_inner", layer, pruned.inner());
        boolean biased = form.affirms(keys, key("out_proj_bias"), layer);
        return pruned.withOutProjection(biased ? OutProjection.BIASED : OutProjection.UNBIASED);
    }

    private String key(String size) {
        return size + form.ending;
    }

    private int size(String size, int layer, int otherwise) {
        return form.size(keys, key(size), layer, otherwise);
    }

    /**
     * Checks a size that follows from the layer's others.
     *
     * @throws dev.coppice.worker.model.ModelException when the config says something else
     */
    public void require(String size, int layer, int expected) {
        if (size(size, layer, expected) != expected) {
            throw keys.wrong(key(size), expected + " for layer " + layer + ", which the layer's other sizes ask for");
        }
    }

    /** Says the sizes of all Mamba-2 mixers. */
    public void write(ObjectNode written, List<MixerShape> mixers) {
        numbers(written, "d_inner", mixers, Mamba2Shape::inner);
        numbers(written, "headdim", mixers, Mamba2Shape::headWidth);
        numbers(written, "nheads", mixers, Mamba2Shape::heads);
        numbers(written, "ngroups", mixers, Mamba2Shape::cGroups);
        numbers(written, "d_state", mixers, Mamba2Shape::states);
        numbers(written, "d_ssm", mixers, Mamba2Shape::inner);
        numbers(written, "in_proj_out_features", mixers, Mamba2Shape::projected);
        numbers(written, "out_proj_in_features", mixers, Mamba2Shape::inner);
        numbers(written, "conv_dim", mixers, Mamba2Shape::convolved);
        form.write(written, key("in_proj_bias"), mixers, shape -> BooleanNode.FALSE);
        form.write(
                written,
                key("out_proj_bias"),
                mixers,
                shape -> BooleanNode.valueOf(shape.outProjection() == OutProjection.BIASED));
    }

    /** Says one more number of each mixer. */
    public void numbers(ObjectNode written, String size, List<MixerShape> mixers, ToIntFunction<Mamba2Shape> number) {
        form.write(written, key(size), mixers, shape -> IntNode.valueOf(number.applyAsInt(shape)));
    }
}
