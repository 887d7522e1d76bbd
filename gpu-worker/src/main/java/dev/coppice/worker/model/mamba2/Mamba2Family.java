package dev.coppice.worker.model.mamba2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.SsdStep;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.ModelFamily;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.Block;
import dev.coppice.worker.model.language.BlockModel;
import dev.coppice.worker.model.language.LanguageConfig;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.language.ModelTensors;
import dev.coppice.worker.model.language.Norm;
import dev.coppice.worker.model.language.PublishedLayout;
import dev.coppice.worker.model.language.UniformMixers;
import dev.coppice.worker.model.layer.ConfigKeys;
import dev.coppice.worker.model.mamba2.Mamba2Shape.OutProjection;
import dev.coppice.worker.weights.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Mamba-2 in the layouts of state-spaces (ssm_cfg.layer is Mamba2) and of transformers (model_type is mamba2). */
public final class Mamba2Family implements ModelFamily {

    static final String NAME = "mamba2";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String models() {
        return "language models: Mamba-2, as state-spaces or transformers have it";
    }

    @Override
    public boolean recognises(Path folder, JsonNode config) {
        return NAME.equals(config.path("model_type").textValue())
                || "Mamba2".equals(config.path("ssm_cfg").path("layer").textValue());
    }

    @Override
    public ModelConfig config(Path folder, JsonNode config) {
        ConfigKeys keys = new ConfigKeys(folder, config);
        if (NAME.equals(config.path("model_type").textValue())) {
            return published(keys);
        }
        return original(keys, keys.within("ssm_cfg"));
    }

    private static LanguageConfig original(ConfigKeys keys, ConfigKeys mixer) {
        int width = keys.positive("d_model");
        int inner = mixer.positive("expand", 2) * width;
        int headWidth = mixer.positive("headdim", 64);
        requireDivides(keys, "headdim", headWidth, inner);
        int groups = mixer.positive("ngroups", 1);
        if (keys.has("d_intermediate") && keys.value("d_intermediate").asInt() != 0) {
            throw keys.wrong("d_intermediate", "0: no published Mamba-2 has an MLP");
        }
        if (keys.has("attn_layer_idx") && !keys.value("attn_layer_idx").isEmpty()) {
            throw keys.wrong("attn_layer_idx", "an empty list: attention layers of this layout are not supported");
        }
        Mamba2Shape shape = shape(
                width,
                inner / headWidth,
                groups,
                headWidth,
                mixer.positive("d_state", 128),
                mixer.positive("d_conv", 4),
                1e-5,
                0,
                Double.POSITIVE_INFINITY);
        List<MixerShape> shapes = new ArrayList<>();
        for (int i = 0; i < keys.positive("n_layer"); i++) {
            shapes.add(PrunedLists.of(keys, i, shape));
        }
        return new LanguageConfig(
                NAME,
                PublishedLayout.original(keys, mixer),
                shapes,
                (tensors, mixers) -> assemble(tensors, mixers, shape, "backbone.embedding.weight"),
                mixers -> Map.of("config.json", PrunedLists.write(keys, shape, mixers)));
    }

    private static LanguageConfig published(ConfigKeys keys) {
        int heads = keys.positive("num_heads");
        Mamba2Shape shape = shape(
                keys.positive("hidden_size"),
                heads,
                keys.positive("n_groups"),
                keys.positive("head_dim"),
                keys.positive("state_size"),
                keys.positive("conv_kernel"),
                keys.number("layer_norm_epsilon"),
                stepLimit(keys, 0, 0),
                stepLimit(keys, 1, Double.POSITIVE_INFINITY));
        return new LanguageConfig(
                NAME,
                PublishedLayout.transformersMamba2(keys),
                Collections.nCopies(keys.positive("num_hidden_layers"), shape),
                (tensors, mixers) -> assemble(tensors, mixers, shape, "backbone.embeddings.weight"),
                mixers -> Map.of("config.json", describe(keys, shape, mixers)));
    }

    /** A bound of dt. transformers writes Infinity as it is, or as {"__float__": "Infinity"}. */
    private static double stepLimit(ConfigKeys keys, int index, double otherwise) {
        if (!keys.has("time_step_limit")) {
            return otherwise;
        }
        JsonNode bound = keys.value("time_step_limit").path(index);
        if (!bound.isNumber() && !"Infinity".equals(bound.path("__float__").textValue())) {
            throw keys.wrong("time_step_limit", "a list of two numbers, the second of which may be Infinity");
        }
        return bound.isNumber() ? bound.doubleValue() : Double.POSITIVE_INFINITY;
    }

    private static JsonNode describe(ConfigKeys keys, Mamba2Shape shape, List<MixerShape> mixers) {
        for (MixerShape mixer : mixers) {
            ((Mamba2Shape) mixer).requireNormOf(shape, keys.file());
            ((Mamba2Shape) mixer).requireUnbiased(keys.file());
        }
        Mamba2Shape all = new UniformMixers(keys.file(), mixers)
                .of(Mamba2Shape.class, one -> shape.withStates(one.states()).withHeadWidth(one.headWidth()));
        ObjectNode written = keys.copy();
        written.put("num_hidden_layers", mixers.size()).put("state_size", all.states());
        if (all.headWidth() != shape.headWidth()) {
            if (all.inner() % all.width() != 0) {
                throw new ModelException(keys.file() + ": " + all.heads() + " heads of " + all.headWidth()
                        + " channels make an inner width of " + all.inner()
                        + ", and the model's published layout has only whole multiples of hidden_size, " + all.width());
            }
            written.put("head_dim", all.headWidth()).put("expand", all.inner() / all.width());
            if (written.has("intermediate_size")) {
                written.put("intermediate_size", all.inner());
            }
        }
        return written;
    }

    private static void requireDivides(ConfigKeys keys, String key, int divisor, int whole) {
        if (whole % divisor != 0) {
            throw new ModelException(
                    keys.file() + ": " + key + " is " + divisor + ", which does not divide the inner width " + whole);
        }
    }

    private static Mamba2Shape shape(
            int width,
            int heads,
            int groups,
            int headWidth,
            int states,
            int convWidth,
            double epsilon,
            double dtMin,
            double dtMax) {
        if (heads % groups != 0) {
            throw new ModelException(heads + " heads do not make " + groups + " equal groups");
        }
        return new Mamba2Shape(
                width,
                heads,
                heads,
                groups,
                groups,
                headWidth,
                states,
                convWidth,
                Mamba2Shape.GATE_FIRST,
                SsdStep.CONTINUOUS,
                ConvActivation.SILU,
                groups,
                epsilon,
                dtMin,
                dtMax,
                OutProjection.UNBIASED);
    }

    private static BlockModel assemble(
            ModelTensors tensors, List<MixerShape> mixers, Mamba2Shape shape, String embeddingName) {
        int width = shape.width();
        HostArray embedding = tensors.matrix(embeddingName, tensors.rows(embeddingName), width);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < mixers.size(); i++) {
            String prefix = "backbone.layers." + i + ".";
            Norm norm = new Norm(tensors.vector(prefix + "norm.weight", width), null, shape.epsilon());
            blocks.add(new Block(
                    norm, Mamba2Mixer.read(tensors, prefix + "mixer.", (Mamba2Shape) mixers.get(i)), null, null));
        }
        Norm last = new Norm(tensors.vector("backbone.norm_f.weight", width), null, shape.epsilon());
        return new BlockModel(NAME, embedding, blocks, last, tensors.head("lm_head.weight", embedding), null, null);
    }

    @Override
    public Model read(ModelConfig config, Checkpoint checkpoint) {
        return AssembledModel.read((LanguageConfig) config, checkpoint);
    }
}
