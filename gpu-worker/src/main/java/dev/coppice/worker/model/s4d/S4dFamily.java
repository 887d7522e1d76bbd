package dev.coppice.worker.model.s4d;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.ModelFamily;
import dev.coppice.worker.model.layer.ConfigKeys;
import dev.coppice.worker.model.layer.InputEncoder;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.TensorReader;
import java.nio.file.Path;

/** S4D classifiers, recognised by {@code "family": "s4d"}. */
public final class S4dFamily implements ModelFamily {

    static final String NAME = "s4d";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String models() {
        return "classifiers of sequences: S4D";
    }

    @Override
    public boolean recognises(Path folder, JsonNode config) {
        return NAME.equals(config.path("family").textValue());
    }

    @Override
    public ModelConfig config(Path folder, JsonNode config) {
        ConfigKeys keys = new ConfigKeys(folder, config);
        return S4dConfig.read(keys, InputEncoder.read(folder, keys));
    }

    @Override
    public Model read(ModelConfig config, Checkpoint checkpoint) {
        S4dConfig own = (S4dConfig) config;
        return new S4dModel(own, new S4dReader(own, new TensorReader(checkpoint)).read());
    }
}
