package dev.coppice.worker.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coppice.worker.weights.Checkpoint;
import java.nio.file.Path;

/** A kind of model that can be read: one line of the registry. */
public interface ModelFamily {

    /** Name of the family, such as s5. */
    String name();

    /** What its models are, in a few words. */
    String models();

    /**
     * Whether a model is of this family.
     *
     * @param folder the model's folder, for files beside config.json that tell
     * @param config what config.json holds
     */
    boolean recognises(Path folder, JsonNode config);

    /**
     * The hyper-parameters in config.json.
     *
     * @param folder the model's folder, for files that the config names beside it
     * @throws ModelException when a key is missing or has a wrong value; the message names the file and the key
     */
    ModelConfig config(Path folder, JsonNode config);

    /**
     * The model with its weights, shapes checked.
     *
     * @param config what {@link #config} returned
     * @throws dev.coppice.worker.weights.CheckpointException when tensors are missing or wrong
     */
    Model read(ModelConfig config, Checkpoint checkpoint);
}
