package dev.coppice.worker.job.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/** Shapes of the published Mamba-2 language models (state-spaces/mamba2-*; Dao and Gu 2024, table 9). */
public enum LanguagePreset {
    MAMBA2_130M("mamba2-130m", 24, 768),
    MAMBA2_370M("mamba2-370m", 48, 1024),
    MAMBA2_780M("mamba2-780m", 48, 1536),
    MAMBA2_1_3B("mamba2-1.3b", 48, 2048),
    MAMBA2_2_7B("mamba2-2.7b", 64, 2560);

    private static final int VOCABULARY = 50277; // GPT-NeoX's
    private static final int VOCABULARY_MULTIPLE = 16;

    private final String label;
    private final int layers;
    private final int width;

    LanguagePreset(String label, int layers, int width) {
        this.label = label;
        this.layers = layers;
        this.width = width;
    }

    /** The name that it is published under. */
    public String label() {
        return label;
    }

    /** Writes its config.json, in the published layout, into {@code folder}. */
    void writeConfig(Path folder) throws IOException {
        JsonMapper json = JsonMapper.builder().build();
        ObjectNode config = json.createObjectNode()
                .put("d_model", width)
                .put("d_intermediate", 0)
                .put("n_layer", layers)
                .put("vocab_size", VOCABULARY)
                .put("rms_norm", true)
                .put("residual_in_fp32", true)
                .put("fused_add_norm", true)
                .put("pad_vocab_size_multiple", VOCABULARY_MULTIPLE)
                .put("tie_embeddings", true);
        config.putObject("ssm_cfg").put("layer", "Mamba2");
        json.writeValue(folder.resolve("config.json").toFile(), config);
    }
}
