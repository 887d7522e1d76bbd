package dev.coppice.worker.job.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The keys of a preset's config.json that do not depend on the kind of layer. */
final class PresetConfig {

    private PresetConfig() {}

    static ObjectNode of(Preset preset, String inputKind) {
        ObjectNode config = JsonNodeFactory.instance
                .objectNode()
                .put("input_kind", inputKind)
                .put("head", "classification")
                .put("d_input", preset.inputs())
                .put("d_output", preset.classes())
                .put("d_model", preset.channels())
                .put("n_layers", preset.layers())
                .put("seq_len", preset.steps())
                .put("bidirectional", true)
                .put("discretization", "zoh")
                .put("norm", "batch")
                .put("norm_eps", 1e-5)
                .put("pooling", "mean");
        config.putObject("input_normalisation")
                .put("scale", 255)
                .put("mean", 0.5)
                .put("std", 0.25);
        return config;
    }
}
