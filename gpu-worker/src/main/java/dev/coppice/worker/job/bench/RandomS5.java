package dev.coppice.worker.job.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.s5.S5Family;
import dev.coppice.worker.weights.Checkpoint;
import java.nio.file.Path;

/** Bidirectional S5 classifiers with random weights, read as a checkpoint of the family would be. */
final class RandomS5 {

    private RandomS5() {}

    static Model model(Preset preset, long seed) {
        S5Family family = new S5Family();
        return family.read(family.config(Path.of(""), config(preset)), weights(preset, seed));
    }

    private static ObjectNode config(Preset preset) {
        int states = preset.states(LayerKind.S5);
        return PresetConfig.of(preset, preset.tokens() ? "tokens_onehot" : "continuous")
                .put("state_size_stored", states)
                .put("ssm_size_base", 2 * states)
                .put("conj_sym", true)
                .put("activation", preset.s5Activation())
                .put("padded", preset.tokens())
                .put("prenorm", true);
    }

    private static Checkpoint weights(Preset preset, long seed) {
        RandomWeights weights = new RandomWeights(seed);
        int channels = preset.channels();
        dense(weights, "params/encoder/encoder", preset.inputs(), channels);
        for (int layer = 0; layer < preset.layers(); layer++) {
            String name = "encoder/layers_" + layer;
            weights.constant("params/" + name + "/norm/scale", 1, channels);
            weights.constant("params/" + name + "/norm/bias", 0, channels);
            weights.constant("batch_stats/" + name + "/norm/mean", 0, channels);
            weights.constant("batch_stats/" + name + "/norm/var", 1, channels);
            system(weights, "params/" + name + "/seq/", channels, preset.states(LayerKind.S5));
            dense(weights, "params/" + name + "/out2", channels, channels);
        }
        dense(weights, "params/decoder", channels, preset.classes());
        return weights.checkpoint();
    }

    /** lambda = -1/2 + i pi p (S4D-Lin, Gu et al. 2022, section 4.3), B and C normal with the inverse of their fan-in. */
    private static void system(RandomWeights weights, String name, int channels, int states) {
        weights.constant(name + "Lambda_re", -0.5, states);
        weights.add(name + "Lambda_im", p -> Math.PI * p, states);
        weights.logSteps(name + "log_step", states, 1);
        weights.normal(name + "B", 1 / Math.sqrt(channels), states, channels, 2);
        weights.normal(name + "C1", 1 / Math.sqrt(states), channels, states, 2);
        weights.normal(name + "C2", 1 / Math.sqrt(states), channels, states, 2);
        weights.normal(name + "D", 1, channels);
    }

    private static void dense(RandomWeights weights, String name, int in, int out) {
        weights.normal(name + "/kernel", 1 / Math.sqrt(in), in, out);
        weights.constant(name + "/bias", 0, out);
    }
}
