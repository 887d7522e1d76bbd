package dev.coppice.worker.model;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.weights.Checkpoint;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A classifier whose checkpoint can be written again after pruning, in the layout that it was published in. */
public interface StoredClassifier extends SequenceClassifier {

    /**
     * What changes in a checkpoint.
     *
     * @param tensors the new content of those that change, by name
     * @param config the new values of config.json's keys that change
     */
    record Change(Map<String, HostArray> tensors, Map<String, Integer> config) {

        public Change {
            tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
            config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
        }
    }

    /**
     * Zeros that take pruned states out of the outputs; nothing changes its shape.
     *
     * @param checkpoint the one that the model was read from
     * @throws IllegalArgumentException when the layers or counts are not this model's
     */
    Change storedZeros(Checkpoint checkpoint, KeptStates kept);

    /**
     * Smaller tensors without the pruned states.
     *
     * @param checkpoint the one that the model was read from
     * @throws ModelException when the layout cannot say it; the message has the reason
     * @throws IllegalArgumentException when the layers or counts are not this model's
     */
    Change storedSmaller(Checkpoint checkpoint, KeptStates kept);

    /**
     * The model's own matrices; nothing changes its shape.
     *
     * @param checkpoint the one that the model was read from, before some of its matrices were replaced
     */
    Change storedMatrices(Checkpoint checkpoint);
}
