package dev.coppice.worker.model.discrete;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.ModelFamily;
import dev.coppice.worker.model.language.AbsentMixer;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.Block;
import dev.coppice.worker.model.language.BlockModel;
import dev.coppice.worker.model.language.GatedMlp;
import dev.coppice.worker.model.language.GeluMlp;
import dev.coppice.worker.model.language.LanguageConfig;
import dev.coppice.worker.model.language.Mixer;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.language.ModelTensors;
import dev.coppice.worker.model.language.Norm;
import dev.coppice.worker.model.language.PublishedLayout;
import dev.coppice.worker.model.language.UniformMixers;
import dev.coppice.worker.model.layer.ConfigKeys;
import dev.coppice.worker.model.mamba2.Mamba2Mixer;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import dev.coppice.worker.weights.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Models distilled from transformers onto the discrete Mamba-2 mixer (Bick et al. 2024): Phi-Mamba with Phi's parallel MLP,
 * Smol2-Mamba and Llamba with Llama's.
 */
public final class DiscreteFamily implements ModelFamily {

    private static final double EPSILON = 1e-5;

    private record Sizes(int width, int intermediate, double epsilon) {}

    @Override
    public String name() {
        return "discrete-mamba2";
    }

    @Override
    public String models() {
        return "language models: Phi-Mamba, Smol2-Mamba, Llamba";
    }

    @Override
    public boolean recognises(Path folder, JsonNode config) {
        return isLlamba(config) || config.path("LanguageModel").isObject();
    }

    private static boolean isLlamba(JsonNode config) {
        return "llamba".equals(config.path("model_type").textValue());
    }

    @Override
    public ModelConfig config(Path folder, JsonNode config) {
        ConfigKeys keys = new ConfigKeys(folder, config);
        if (isLlamba(config)) {
            int width = keys.positive("d_model");
            Mamba2Shape shape = PrunedBlocks.shape(width, keys.within("ssm_cfg"));
            return llama(
                    "llamba",
                    PublishedLayout.discrete(keys, "tie_embeddings", keys.within("ssm_cfg")),
                    Collections.nCopies(keys.positive("n_layer"), shape),
                    new Sizes(
                            width,
                            keys.within("mlp_cfg").positive("intermediate_size"),
                            keys.number("norm_epsilon", EPSILON)),
                    mixers -> Map.of("config.json", llamba(keys, shape, mixers)));
        }
        ConfigKeys model = keys.within("MixerModel").within("input");
        int width = model.positive("d_model");
        List<ConfigKeys> blocks = PrunedBlocks.blocks(keys, model.positive("n_layer"));
        ConfigKeys block = blocks.get(0);
        List<MixerShape> shapes = new ArrayList<>();
        blocks.forEach(one -> shapes.add(PrunedBlocks.shape(width, one.within("core_input"))));
        ConfigKeys vocabulary = keys.within("LanguageModel").within("input");
        PublishedLayout layout =
                PublishedLayout.discrete(vocabulary, "tie_word_embeddings", block.within("core_input"));
        int intermediate = block.within("mlp").positive("intermediate_size", 4 * width);
        LanguageConfig.Writing writing =
                mixers -> Map.of("config.json", PrunedBlocks.write(keys, block, intermediate, shapes, mixers));
        String type = block.value("BlockType").asText();
        if (type.endsWith("phi_block")) {
            return phi(layout, shapes, new Sizes(width, intermediate, EPSILON), writing);
        }
        if (type.endsWith("llama_block")) {
            double epsilon = block.within("block_input").number("rms_norm_eps", EPSILON);
            return llama("smol2-mamba", layout, shapes, new Sizes(width, intermediate, epsilon), writing);
        }
        throw block.wrong("BlockType", "a name that ends in phi_block or llama_block");
    }

    private static JsonNode llamba(ConfigKeys keys, Mamba2Shape shape, List<MixerShape> mixers) {
        mixers.forEach(mixer -> requireUnbiased(keys, mixer));
        Mamba2Shape all = new UniformMixers(keys.file(), mixers)
                .of(Mamba2Shape.class, one -> shape.withStates(one.states()).withGroups(one.bGroups()));
        ObjectNode written = keys.copy();
        written.put("n_layer", mixers.size());
        ((ObjectNode) written.get("ssm_cfg")).put("d_state", all.states()).put("n_qk_heads", all.bGroups());
        return written;
    }

    private static void requireUnbiased(ConfigKeys keys, MixerShape mixer) {
        if (mixer instanceof Mamba2Shape shape) {
            shape.requireUnbiased(keys.file());
        }
    }

    private static LanguageConfig phi(
            PublishedLayout layout, List<MixerShape> shapes, Sizes sizes, LanguageConfig.Writing writing) {
        int width = sizes.width;
        LanguageConfig.Assembly assembly = (tensors, mixers) -> {
            HostArray embedding = embedding(tensors, width);
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < mixers.size(); i++) {
                String prefix = "backbone.layers." + i + ".";
                Norm norm = layerNorm(tensors, prefix + "input_layernorm", width);
                GeluMlp mlp = new GeluMlp(
                        tensors.projection(prefix + "mlp.fc1.weight", MatrixRole.MLP, sizes.intermediate, width),
                        tensors.vector(prefix + "mlp.fc1.bias", sizes.intermediate),
                        tensors.projection(prefix + "mlp.fc2.weight", MatrixRole.MLP, width, sizes.intermediate),
                        tensors.vector(prefix + "mlp.fc2.bias", width));
                blocks.add(new Block(norm, mixer(tensors, prefix, mixers.get(i)), null, mlp));
            }
            return model(
                    "phi-mamba", tensors, embedding, blocks, layerNorm(tensors, "backbone.final_layernorm", width));
        };
        return new LanguageConfig("phi-mamba", layout, shapes, assembly, writing);
    }

    private static Mixer mixer(ModelTensors tensors, String prefix, MixerShape shape) {
        return shape instanceof AbsentMixer absent
                ? absent
                : Mamba2Mixer.read(tensors, prefix + "mixer.", (Mamba2Shape) shape);
    }

    private static Norm layerNorm(ModelTensors tensors, String name, int width) {
        return new Norm(tensors.vector(name + ".weight", width), tensors.vector(name + ".bias", width), EPSILON);
    }

    private static LanguageConfig llama(
            String architecture,
            PublishedLayout layout,
            List<MixerShape> shapes,
            Sizes sizes,
            LanguageConfig.Writing writing) {
        int width = sizes.width;
        double epsilon = sizes.epsilon;
        LanguageConfig.Assembly assembly = (tensors, mixers) -> {
            HostArray embedding = embedding(tensors, width);
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < mixers.size(); i++) {
                String prefix = "backbone.layers." + i + ".";
                blocks.add(new Block(
                        new Norm(tensors.vector(prefix + "input_layernorm.weight", width), null, epsilon),
                        mixer(tensors, prefix, mixers.get(i)),
                        new Norm(tensors.vector(prefix + "post_attention_layernorm.weight", width), null, epsilon),
                        GatedMlp.read(tensors, prefix + "mlp.", width, sizes.intermediate)));
            }
            Norm last = new Norm(tensors.vector("backbone.final_layernorm.weight", width), null, epsilon);
            return model(architecture, tensors, embedding, blocks, last);
        };
        return new LanguageConfig(architecture, layout, shapes, assembly, writing);
    }

    private static HostArray embedding(ModelTensors tensors, int width) {
        String name = "backbone.embedding.weight";
        return tensors.matrix(name, tensors.rows(name), width);
    }

    private static BlockModel model(
            String architecture, ModelTensors tensors, HostArray embedding, List<Block> blocks, Norm last) {
        String bias = "lm_head.bias";
        return new BlockModel(
                architecture,
                embedding,
                blocks,
                last,
                tensors.head("lm_head.weight", embedding),
                tensors.has(bias) ? tensors.vector(bias, embedding.shape()[0]) : null,
                null);
    }

    @Override
    public Model read(ModelConfig config, Checkpoint checkpoint) {
        return AssembledModel.read((LanguageConfig) config, checkpoint);
    }
}
