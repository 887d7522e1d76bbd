package dev.coppice.worker.model.hybrid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.SsdStep;
import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.ModelFamily;
import dev.coppice.worker.model.language.AbsentMixer;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.Block;
import dev.coppice.worker.model.language.BlockModel;
import dev.coppice.worker.model.language.GatedMlp;
import dev.coppice.worker.model.language.LanguageConfig;
import dev.coppice.worker.model.language.Mixer;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.language.ModelTensors;
import dev.coppice.worker.model.language.Norm;
import dev.coppice.worker.model.language.PublishedLayout;
import dev.coppice.worker.model.layer.ConfigKeys;
import dev.coppice.worker.model.mamba2.Mamba2Mixer;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import dev.coppice.worker.model.mamba2.Mamba2Shape.OutProjection;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.ConfigJson;
import dev.coppice.worker.weights.SideFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Llama with Mamba-2 in place of some attention layers (Wang et al. 2024): recognised by mamba_config.json beside config.json. */
public final class HybridFamily implements ModelFamily {

    private static final String NAME = "llama-mamba2";
    private static final String MAMBA_CONFIG = "mamba_config.json";
    private static final long MAX_CONFIG_BYTES = 1L << 20;
    private static final double MIXER_EPSILON = 1e-5;

    private record Sizes(
            int width,
            int intermediate,
            double epsilon,
            int heads,
            int kvHeads,
            int headWidth,
            double[] frequencies,
            Mamba2Shape mamba) {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String models() {
        return "language models: Llama with mamba_config.json beside config.json";
    }

    @Override
    public boolean recognises(Path folder, JsonNode config) {
        return Files.isRegularFile(folder.resolve(MAMBA_CONFIG));
    }

    @Override
    public ModelConfig config(Path folder, JsonNode config) {
        ConfigKeys keys = new ConfigKeys(folder, config);
        JsonNode mamba = mambaConfig(folder);
        ConfigKeys mambaKeys = ConfigKeys.of(folder.resolve(MAMBA_CONFIG), mamba);
        ConfigKeys mixer = mambaKeys.within("ssm_cfg");
        Sizes sizes = sizes(keys, mambaKeys);
        Set<Integer> attention = new HashSet<>();
        mamba.path("attn_layers").forEach(layer -> attention.add(layer.asInt()));
        List<MixerShape> shapes = new ArrayList<>();
        for (int i = 0; i < keys.positive("num_hidden_layers"); i++) {
            shapes.add(attention.contains(i) ? new AttentionShape() : PrunedSizes.of(mambaKeys, i, sizes.mamba));
        }
        Integer limit = keys.has("max_position_embeddings") ? (Integer) keys.positive("max_position_embeddings") : null;
        LanguageConfig.Assembly assembly = (tensors, mixers) -> {
            String name = "model.embed_tokens.weight";
            HostArray embedding = tensors.matrix(name, tensors.rows(name), sizes.width);
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < mixers.size(); i++) {
                blocks.add(block(tensors, "model.layers." + i + ".", sizes, mixers.get(i)));
            }
            Norm last = new Norm(tensors.vector("model.norm.weight", sizes.width), null, sizes.epsilon);
            return new BlockModel(
                    NAME, embedding, blocks, last, tensors.head("lm_head.weight", embedding), null, limit);
        };
        return new LanguageConfig(
                NAME,
                PublishedLayout.llama(keys, mixer),
                shapes,
                assembly,
                mixers -> Map.of(
                        "config.json",
                        keys.copy().put("num_hidden_layers", mixers.size()),
                        MAMBA_CONFIG,
                        PrunedSizes.write(mambaKeys, sizes.mamba, mixers)));
    }

    private static JsonNode mambaConfig(Path folder) {
        try {
            return ConfigJson.read(SideFiles.read(folder, MAMBA_CONFIG, MAX_CONFIG_BYTES));
        } catch (JsonProcessingException e) {
            throw new ModelException(
                    folder.resolve(MAMBA_CONFIG) + ": is no readable JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ModelException(folder.resolve(MAMBA_CONFIG) + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Sizes sizes(ConfigKeys keys, ConfigKeys mamba) {
        int width = keys.positive("hidden_size");
        int heads = keys.positive("num_attention_heads");
        int headWidth = keys.positive("head_dim", width / heads);
        ConfigKeys mixer = mamba.within("ssm_cfg");
        int mixerHeads = mixer.positive("ngroups");
        int states = mixer.positive("d_state");
        int repeated = mamba.positive("d_xb") / states; // heads of x and B
        if (repeated == 0 || mixerHeads % repeated != 0) {
            throw mamba.wrong("d_xb", "d_state times a divisor of ngroups");
        }
        Mamba2Shape shape = new Mamba2Shape(
                width,
                mixerHeads,
                repeated,
                repeated,
                mixerHeads,
                mamba.positive("d_inner") / mixerHeads,
                states,
                mixer.positive("d_conv", 4),
                Mamba2Shape.GATE_FIRST,
                SsdStep.CONTINUOUS,
                ConvActivation.SILU,
                mixerHeads,
                MIXER_EPSILON,
                0,
                Double.POSITIVE_INFINITY,
                OutProjection.UNBIASED);
        return new Sizes(
                width,
                keys.positive("intermediate_size"),
                keys.number("rms_norm_eps"),
                heads,
                keys.positive("num_key_value_heads", heads),
                headWidth,
                RotaryFrequencies.of(keys, headWidth),
                shape);
    }

    private static Block block(ModelTensors tensors, String prefix, Sizes sizes, MixerShape kind) {
        Mixer mixer = mixer(tensors, prefix, sizes, kind);
        return new Block(
                new Norm(tensors.vector(prefix + "input_layernorm.weight", sizes.width), null, sizes.epsilon),
                mixer,
                new Norm(tensors.vector(prefix + "post_attention_layernorm.weight", sizes.width), null, sizes.epsilon),
                GatedMlp.read(tensors, prefix + "mlp.", sizes.width, sizes.intermediate));
    }

    private static Mixer mixer(ModelTensors tensors, String prefix, Sizes sizes, MixerShape kind) {
        if (kind instanceof AbsentMixer absent) {
            return absent;
        }
        return kind instanceof Mamba2Shape shape
                ? Mamba2Mixer.read(tensors, prefix + "mamba.", shape)
                : attention(tensors, prefix + "self_attn.", sizes);
    }

    private static AttentionMixer attention(ModelTensors tensors, String prefix, Sizes sizes) {
        int wide = sizes.heads * sizes.headWidth;
        int narrow = sizes.kvHeads * sizes.headWidth;
        return new AttentionMixer(
                sizes.heads,
                sizes.kvHeads,
                sizes.frequencies,
                tensors.projection(prefix + "q_proj.weight", MatrixRole.ATTENTION, wide, sizes.width),
                tensors.projection(prefix + "k_proj.weight", MatrixRole.ATTENTION, narrow, sizes.width),
                tensors.projection(prefix + "v_proj.weight", MatrixRole.ATTENTION, narrow, sizes.width),
                tensors.projection(prefix + "o_proj.weight", MatrixRole.ATTENTION, sizes.width, wide));
    }

    @Override
    public Model read(ModelConfig config, Checkpoint checkpoint) {
        return AssembledModel.read((LanguageConfig) config, checkpoint);
    }
}
