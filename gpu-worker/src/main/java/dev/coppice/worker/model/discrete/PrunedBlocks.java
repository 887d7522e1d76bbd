package dev.coppice.worker.model.discrete;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.SsdStep;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.language.UniformMixers;
import dev.coppice.worker.model.layer.ConfigKeys;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import dev.coppice.worker.model.mamba2.Mamba2Shape.OutProjection;
import dev.coppice.worker.model.mamba2.Mamba2Shape.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Blocks in the config of Phi-Mamba and Smol2-Mamba: one description ({@code Block1}) of all layers, or several ({@code Block_0},
 * {@code Block_1}, ...), each of as many layers as its {@code n_layers} says, as the code of "On Pruning State-Space LLMs" writes them.
 */
final class PrunedBlocks {

    private static final double EPSILON = 1e-5;
    private static final String CORE = "core_input";
    private static final String ONLY = "Block1"; // of configs that describe all layers at once

    private PrunedBlocks() {}

    /** The description of each of {@code layers} layers. */
    static List<ConfigKeys> blocks(ConfigKeys keys, int layers) {
        if (!keys.has("Block_0")) {
            return Collections.nCopies(layers, keys.within(ONLY));
        }
        List<ConfigKeys> blocks = new ArrayList<>();
        for (int b = 0; keys.has("Block_" + b); b++) {
            ConfigKeys block = keys.within("Block_" + b);
            blocks.addAll(Collections.nCopies(block.positive("n_layers", 1), block));
        }
        if (blocks.size() != layers) {
            throw new ModelException(
                    keys.file() + ": describes " + blocks.size() + " layers in its blocks and has n_layer " + layers);
        }
        return blocks;
    }

    /** The mixer that {@code mixer} describes, in a model of this width. */
    static Mamba2Shape shape(int width, ConfigKeys mixer) {
        int heads = mixer.positive("n_v_heads");
        int groups = mixer.positive("n_qk_heads");
        int inner = mixer.positive("d_inner", mixer.positive("expand", 2) * width);
        if (inner % heads != 0 || heads % groups != 0) {
            throw new ModelException(mixer.file() + ": " + heads + " value heads and " + groups
                    + " query-key heads do not divide an inner width of " + inner + " evenly");
        }
        return new Mamba2Shape(
                width,
                heads,
                heads,
                groups,
                groups,
                inner / heads,
                mixer.positive("d_state"),
                mixer.positive("d_conv", 4),
                Mamba2Shape.GATE_LATE,
                SsdStep.DISCRETE,
                ConvActivation.IDENTITY,
                0,
                EPSILON,
                0,
                Double.POSITIVE_INFINITY,
                mixer.affirms("out_proj_bias") ? OutProjection.BIASED : OutProjection.UNBIASED);
    }

    /** The config of a model with these mixers; that of {@code keys} itself where nothing is pruned. */
    static JsonNode write(
            ConfigKeys keys, ConfigKeys block, int intermediate, List<MixerShape> whole, List<MixerShape> mixers) {
        ObjectNode written = keys.copy();
        if (mixers.equals(whole)) {
            return written;
        }
        ((ObjectNode) written.path("MixerModel").path("input")).put("n_layer", mixers.size());
        if (saidByPublishedKeys(keys, whole, mixers)) {
            Mamba2Shape all = (Mamba2Shape) mixers.get(0);
            ObjectNode only = (ObjectNode) written.get(ONLY);
            only.put("n_layers", mixers.size());
            ((ObjectNode) only.get(CORE)).put("d_state", all.states()).put("n_qk_heads", all.bGroups());
            return written;
        }
        List<String> names = new ArrayList<>();
        written.fieldNames().forEachRemaining(names::add);
        names.stream().filter(name -> name.startsWith("Block")).forEach(written::remove);
        int blocks = 0;
        for (int from = 0; from < mixers.size(); blocks++) {
            MixerShape mixer = mixers.get(from);
            int to = from;
            while (to < mixers.size() && mixers.get(to).equals(mixer)) {
                to++;
            }
            written.set("Block_" + blocks, block(keys, block, intermediate, mixer, to - from));
            from = to;
        }
        return written;
    }

    /** Whether all layers are alike and differ from the whole ones in nothing but states and groups: then the models' own code reads the config. */
    private static boolean saidByPublishedKeys(ConfigKeys keys, List<MixerShape> whole, List<MixerShape> mixers) {
        if (!keys.has(ONLY) || !(mixers.get(0) instanceof Mamba2Shape first)) {
            return false;
        }
        Mamba2Shape sayable =
                ((Mamba2Shape) whole.get(0)).withStates(first.states()).withGroups(first.bGroups());
        return mixers.stream().allMatch(sayable::equals);
    }

    private static ObjectNode block(ConfigKeys keys, ConfigKeys block, int intermediate, MixerShape mixer, int layers) {
        if (!(mixer instanceof Mamba2Shape shape)) {
            throw UniformMixers.withoutMixer(keys.file());
        }
        ObjectNode written = block.copy();
        written.put("n_layers", layers);
        ObjectNode core = (ObjectNode) written.get(CORE);
        core.put("d_state", shape.states());
        core.put("n_v_heads", shape.heads());
        core.put("n_qk_heads", shape.bGroups());
        core.putObject("in_proj")
                .put("in_proj_in_features", shape.width())
                .put("in_proj_out_features", shape.projected());
        core.putObject("out_proj")
                .put("out_proj_in_features", shape.inner())
                .put("out_proj_out_features", shape.width());
        core.put("in_proj_bias", false);
        core.put("out_proj_bias", shape.outProjection() == OutProjection.BIASED);
        core.put("conv_dim", shape.convolved());
        core.put("d_inner", shape.rows(Part.Z));
        ObjectNode mlp = written.has("mlp") ? (ObjectNode) written.get("mlp") : written.putObject("mlp");
        mlp.put("intermediate_size", intermediate);
        if (!mlp.has("last_mlp_bias")) {
            mlp.put("last_mlp_bias", written.path("BlockType").asText().endsWith("phi_block"));
        }
        return written;
    }
}
