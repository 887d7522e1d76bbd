package dev.coppice.worker.job.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.s4d.S4dFamily;
import dev.coppice.worker.weights.Checkpoint;
import java.nio.file.Path;

/** Bidirectional S4D classifiers with random weights, read as a checkpoint of the family would be. */
final class RandomS4d {

    private RandomS4d() {}

    static Model model(Preset preset, long seed) {
        S4dFamily family = new S4dFamily();
        return family.read(family.config(Path.of(""), config(preset)), weights(preset, seed));
    }

    private static ObjectNode config(Preset preset) {
        int states = preset.states(LayerKind.S4D);
        return PresetConfig.of(preset, preset.tokens() ? "tokens_embedding" : "continuous")
                .put("variant", "full")
                .put("states_per_channel_stored", states)
                .put("d_state", 2 * states)
                .put("n_ssm", preset.channels())
                .put("dt_transform", "exp")
                .put("gelu", "erf")
                .put("padded", false)
                .put("prenorm", preset.s4dPrenorm());
    }

    private static Checkpoint weights(Preset preset, long seed) {
        RandomWeights weights = new RandomWeights(seed);
        int channels = preset.channels();
        if (preset.tokens()) {
            weights.normal("encoder.weight", 1, preset.inputs(), channels);
        } else {
            linear(weights, "encoder", channels, preset.inputs());
        }
        for (int layer = 0; layer < preset.layers(); layer++) {
            String name = "model.layers." + layer;
            system(weights, name + ".layer.layer.", channels, preset.states(LayerKind.S4D));
            linear(weights, name + ".layer.output_linear.0", 2 * channels, channels);
            norm(weights, name + ".norm.norm", channels);
        }
        norm(weights, "model.norm.norm", channels);
        linear(weights, "decoder.output_transform", preset.classes(), channels);
        return weights.checkpoint();
    }

    /** lambda = -1/2 + i pi s in every channel (S4D-Lin, Gu et al. 2022, section 4.3), B = 1, C normal. */
    private static void system(RandomWeights weights, String name, int channels, int states) {
        weights.constant(name + "kernel.A_real", Math.log(0.5), channels, states);
        weights.add(name + "kernel.A_imag", i -> -Math.PI * (i % states), channels, states);
        weights.add(name + "kernel.B", i -> i % 2 == 0 ? 1 : 0, 1, channels, states, 2);
        weights.normal(name + "kernel.C", Math.sqrt(0.5), 2, channels, states, 2);
        weights.logSteps(name + "kernel.inv_dt", channels, 1);
        weights.normal(name + "D", 1, 1, channels);
    }

    private static void norm(RandomWeights weights, String name, int channels) {
        weights.constant(name + ".weight", 1, channels);
        weights.constant(name + ".bias", 0, channels);
        weights.constant(name + ".running_mean", 0, channels);
        weights.constant(name + ".running_var", 1, channels);
    }

    private static void linear(RandomWeights weights, String name, int out, int in) {
        weights.normal(name + ".weight", 1 / Math.sqrt(in), out, in);
        weights.constant(name + ".bias", 0, out);
    }
}
