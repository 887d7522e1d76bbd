package dev.coppice.worker.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.ModelFamily;
import dev.coppice.worker.model.discrete.DiscreteFamily;
import dev.coppice.worker.model.hybrid.HybridFamily;
import dev.coppice.worker.model.mamba1.Mamba1Family;
import dev.coppice.worker.model.mamba2.Mamba2Family;
import dev.coppice.worker.model.s4d.S4dFamily;
import dev.coppice.worker.model.s5.S5Family;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.Checkpoints;
import dev.coppice.worker.weights.ConfigJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All model families, in the order of recognition. A new one is a line here. */
public final class ModelFamilies {

    private static final List<ModelFamily> FAMILIES = List.of(
            new S5Family(),
            new S4dFamily(),
            new HybridFamily(),
            new DiscreteFamily(),
            new Mamba2Family(),
            new Mamba1Family());
    private static final String CONFIG = "config.json";
    private static final List<String> LANGUAGE_MODELS = List.of(
            "Mamba-1",
            "Mamba-2",
            "Phi-Mamba",
            "Smol2-Mamba",
            "Llamba",
            "Llama with mamba_config.json beside config.json");
    private static final long MAX_CONFIG_BYTES = 16L << 20;

    private ModelFamilies() {}

    /** A model folder's family and hyper-parameters. */
    public record Described(ModelFamily family, ModelConfig config) {}

    /** What the models of each family are, by its name. */
    public static Map<String, String> models() {
        Map<String, String> models = new LinkedHashMap<>();
        FAMILIES.forEach(family -> models.put(family.name(), family.models()));
        return models;
    }

    /**
     * Reads the config.json of a model folder, and nothing else of it but files that it names.
     *
     * @throws ModelException when it is missing, wrong or of no known family
     */
    public static Described describe(Path folder) {
        JsonNode config = config(folder);
        for (ModelFamily family : FAMILIES) {
            if (family.recognises(folder, config)) {
                return new Described(family, family.config(folder, config));
            }
        }
        throw new ModelException(folder.resolve(CONFIG) + ": describes no model that is known here" + said(config)
                + "; a classifier's \"family\" is s5 or s4d, language models are known by their published configs: "
                + String.join(", ", LANGUAGE_MODELS));
    }

    /** What a config says that it is. */
    private static String said(JsonNode config) {
        List<String> said = Stream.of("family", "model_type", "architectures")
                .filter(config::has)
                .map(key -> key + " = " + config.get(key))
                .toList();
        return said.isEmpty() ? "" : " (" + String.join(", ", said) + ")";
    }

    /**
     * The config.json of a model folder as it stands.
     *
     * @throws ModelException when it is missing or no JSON object
     */
    public static JsonNode config(Path folder) {
        Path file = folder.resolve(CONFIG);
        if (!Files.isRegularFile(file)) {
            throw new ModelException(
                    file + ": there is no such file. A model folder holds config.json and the weights");
        }
        try {
            if (Files.size(file) > MAX_CONFIG_BYTES) {
                throw new ModelException(file + ": has " + Files.size(file) + " bytes, too many for a config");
            }
            JsonNode config = ConfigJson.read(Files.readAllBytes(file));
            if (!config.isObject()) {
                throw new ModelException(file + ": is no JSON object");
            }
            return config;
        } catch (IOException e) {
            throw new ModelException(file + ": is no readable JSON: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a model with its weights.
     *
     * @param weightsFile name of the weight file; null for the order of recognition
     * @throws ModelException for a wrong config.json
     * @throws dev.coppice.worker.weights.CheckpointException for missing or wrong weights
     */
    public static Model read(Path folder, @Nullable String weightsFile) {
        Described described = describe(folder);
        try (Checkpoint checkpoint = Checkpoints.open(folder, weightsFile)) {
            return described.family().read(described.config(), checkpoint);
        }
    }
}
