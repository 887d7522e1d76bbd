package dev.coppice.worker.model.discrete;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.SsdStep;
import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.ModelFamily;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.Block;
import dev.coppice.worker.model.language.BlockModel;
import dev.coppice.worker.model.language.GatedMlp;
import dev.coppice.worker.model.language.GeluMlp;
import dev.coppice.worker.model.language.LanguageConfig;
import dev.coppice.worker.model.language.ModelTensors;
import dev.coppice.worker.model.language.Norm;
import dev.coppice.worker.model.language.PublishedLayout;
import dev.coppice.worker.model.layer.ConfigKeys;
import dev.coppice.worker.model.mamba2.Mamba2Mixer;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import dev.coppice.worker.weights.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Models distilled from transformers onto the discrete Mamba-2 mixer (Bick et al. 2024): Phi-Mamba with Phi's parallel MLP,
 * Smol2-Mamba and Llamba with Llama's.
 */
public final class DiscreteFamily implements ModelFamily {

    private static final double EPSILON = 1e-5;

    @Override
    public String name() {
        return "discrete-mamba2";
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
            return llama(
                    "llamba",
                    () -> PublishedLayout.discrete(keys, "tie_embeddings", keys.within("ssm_cfg")),
                    shape(width, keys.within("ssm_cfg")),
                    keys.positive("n_layer"),
                    keys.within("mlp_cfg").positive("intermediate_size"),
                    keys.number("norm_epsilon", EPSILON));
        }
        ConfigKeys model = keys.within("MixerModel").within("input");
        ConfigKeys block = keys.within("Block1");
        int width = model.positive("d_model");
        ConfigKeys mixer = block.within("core_input");
        Mamba2Shape shape = shape(width, mixer);
        ConfigKeys vocabulary = keys.within("LanguageModel").within("input");
        Supplier<PublishedLayout> layout = () -> PublishedLayout.discrete(vocabulary, "tie_word_embeddings", mixer);
        int layers = model.positive("n_layer");
        int intermediate = block.within("mlp").positive("intermediate_size", 4 * width);
        String type = block.value("BlockType").asText();
        if (type.endsWith("phi_block")) {
            return phi(layout, shape, layers, intermediate);
        }
        if (type.endsWith("llama_block")) {
            double epsilon = block.within("block_input").number("rms_norm_eps", EPSILON);
            return llama("smol2-mamba", layout, shape, layers, intermediate, epsilon);
        }
        throw block.wrong("BlockType", "a name that ends in phi_block or llama_block");
    }

    private static Mamba2Shape shape(int width, ConfigKeys mixer) {
        int heads = mixer.positive("n_v_heads");
        int groups = mixer.positive("n_qk_heads");
        int inner = mixer.positive("expand", 2) * width;
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
                Double.POSITIVE_INFINITY);
    }

    private static LanguageConfig phi(
            Supplier<PublishedLayout> layout, Mamba2Shape shape, int layers, int intermediate) {
        int width = shape.width();
        return new LanguageConfig("phi-mamba", layout, tensors -> {
            HostArray embedding = embedding(tensors, width);
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < layers; i++) {
                String prefix = "backbone.layers." + i + ".";
                Norm norm = layerNorm(tensors, prefix + "input_layernorm", width);
                GeluMlp mlp = new GeluMlp(
                        tensors.projection(prefix + "mlp.fc1.weight", MatrixRole.MLP, intermediate, width),
                        tensors.vector(prefix + "mlp.fc1.bias", intermediate),
                        tensors.projection(prefix + "mlp.fc2.weight", MatrixRole.MLP, width, intermediate),
                        tensors.vector(prefix + "mlp.fc2.bias", width));
                blocks.add(new Block(norm, Mamba2Mixer.read(tensors, prefix + "mixer.", shape), null, mlp));
            }
            return model(
                    "phi-mamba", tensors, embedding, blocks, layerNorm(tensors, "backbone.final_layernorm", width));
        });
    }

    private static Norm layerNorm(ModelTensors tensors, String name, int width) {
        return new Norm(tensors.vector(name + ".weight", width), tensors.vector(name + ".bias", width), EPSILON);
    }

    private static LanguageConfig llama(
            String architecture,
            Supplier<PublishedLayout> layout,
            Mamba2Shape shape,
            int layers,
            int intermediate,
            double epsilon) {
        int width = shape.width();
        return new LanguageConfig(architecture, layout, tensors -> {
            HostArray embedding = embedding(tensors, width);
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < layers; i++) {
                String prefix = "backbone.layers." + i + ".";
                blocks.add(new Block(
                        new Norm(tensors.vector(prefix + "input_layernorm.weight", width), null, epsilon),
                        Mamba2Mixer.read(tensors, prefix + "mixer.", shape),
                        new Norm(tensors.vector(prefix + "post_attention_layernorm.weight", width), null, epsilon),
                        GatedMlp.read(tensors, prefix + "mlp.", width, intermediate)));
            }
            Norm last = new Norm(tensors.vector("backbone.final_layernorm.weight", width), null, epsilon);
            return model(architecture, tensors, embedding, blocks, last);
        });
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
