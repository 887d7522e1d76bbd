package dev.coppice.worker.model.s5;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.ModelFamily;
import dev.coppice.worker.model.layer.ConfigKeys;
import dev.coppice.worker.model.layer.InputEncoder;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.TensorReader;
import java.nio.file.Path;

/** S5 classifiers, recognised by {@code "family": "s5"}. */
public final class S5Family implements ModelFamily {

    static final String NAME = "s5";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String models() {
        return "classifiers of sequences: S5";
    }

    @Override
    public boolean recognises(Path folder, JsonNode config) {
        return NAME.equals(config.path("family").textValue());
    }

    @Override
    public ModelConfig config(Path folder, JsonNode config) {
        ConfigKeys keys = new ConfigKeys(folder, config);
        return S5Config.read(keys, InputEncoder.read(folder, keys));
    }

    @Override
    public Model read(ModelConfig config, Checkpoint checkpoint) {
        S5Config own = (S5Config) config;
        return new S5Model(own, new S5Reader(own, new TensorReader(checkpoint)).read());
    }
}
