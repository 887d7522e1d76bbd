package dev.coppice.worker.model.mamba1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.ModelFamily;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.Block;
import dev.coppice.worker.model.language.BlockModel;
import dev.coppice.worker.model.language.LanguageConfig;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.language.Norm;
import dev.coppice.worker.model.language.PublishedLayout;
import dev.coppice.worker.model.language.UniformMixers;
import dev.coppice.worker.model.layer.ConfigKeys;
import dev.coppice.worker.weights.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Mamba-1 in the layouts of state-spaces (an ssm_cfg without Mamba2) and of transformers (model_type is mamba). */
public final class Mamba1Family implements ModelFamily {

    private static final String NAME = "mamba1";
    private static final double EPSILON = 1e-5;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String models() {
        return "language models: Mamba-1, as state-spaces or transformers have it";
    }

    @Override
    public boolean recognises(Path folder, JsonNode config) {
        return isPublished(config) || config.path("ssm_cfg").isObject();
    }

    private static boolean isPublished(JsonNode config) {
        return "mamba".equals(config.path("model_type").textValue());
    }

    @Override
    public ModelConfig config(Path folder, JsonNode config) {
        ConfigKeys keys = new ConfigKeys(folder, config);
        if (isPublished(config)) {
            int width = keys.positive("hidden_size");
            Mamba1Shape shape = new Mamba1Shape(
                    width,
                    keys.positive("intermediate_size"),
                    keys.positive("state_size"),
                    keys.positive("time_step_rank"),
                    keys.positive("conv_kernel"));
            return config(
                    PublishedLayout.transformersMamba1(keys),
                    Collections.nCopies(keys.positive("num_hidden_layers"), shape),
                    keys.number("layer_norm_epsilon", EPSILON),
                    "backbone.embeddings.weight",
                    mixers -> {
                        ObjectNode written = keys.copy();
                        written.put("num_hidden_layers", mixers.size());
                        written.put("state_size", states(keys, shape, mixers));
                        return Map.of("config.json", written);
                    });
        }
        ConfigKeys mixer = keys.within("ssm_cfg");
        int width = keys.positive("d_model");
        Mamba1Shape shape = new Mamba1Shape(
                width,
                mixer.positive("expand", 2) * width,
                mixer.positive("d_state", 16),
                mixer.positive("dt_rank", (width + 15) / 16),
                mixer.positive("d_conv", 4));
        return config(
                PublishedLayout.original(keys, mixer),
                Collections.nCopies(keys.positive("n_layer"), shape),
                EPSILON,
                "backbone.embedding.weight",
                mixers -> {
                    ObjectNode written = keys.copy();
                    written.put("n_layer", mixers.size());
                    ((ObjectNode) written.get("ssm_cfg")).put("d_state", states(keys, shape, mixers));
                    return Map.of("config.json", written);
                });
    }

    private static int states(ConfigKeys keys, Mamba1Shape shape, List<MixerShape> mixers) {
        return new UniformMixers(keys.file(), mixers)
                .of(Mamba1Shape.class, one -> shape.withStates(one.states()))
                .states();
    }

    private static LanguageConfig config(
            PublishedLayout layout,
            List<MixerShape> shapes,
            double epsilon,
            String embeddingName,
            LanguageConfig.Writing writing) {
        int width = ((Mamba1Shape) shapes.get(0)).width();
        return new LanguageConfig(
                NAME,
                layout,
                shapes,
                (tensors, mixers) -> {
                    HostArray embedding = tensors.matrix(embeddingName, tensors.rows(embeddingName), width);
                    List<Block> blocks = new ArrayList<>();
                    for (int i = 0; i < mixers.size(); i++) {
                        String prefix = "backbone.layers." + i + ".";
                        Norm norm = new Norm(tensors.vector(prefix + "norm.weight", width), null, epsilon);
                        Mamba1Mixer mixer = Mamba1Mixer.read(tensors, prefix + "mixer.", (Mamba1Shape) mixers.get(i));
                        blocks.add(new Block(norm, mixer, null, null));
                    }
                    Norm last = new Norm(tensors.vector("backbone.norm_f.weight", width), null, epsilon);
                    return new BlockModel(
                            NAME, embedding, blocks, last, tensors.head("lm_head.weight", embedding), null, null);
                },
                writing);
    }

    @Override
    public Model read(ModelConfig config, Checkpoint checkpoint) {
        return AssembledModel.read((LanguageConfig) config, checkpoint);
    }
}
