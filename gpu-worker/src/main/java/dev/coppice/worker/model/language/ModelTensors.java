package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.weights.Checkpoint;
import java.util.Map;

/**
 * What a family asks for while it puts a model together, by the names that it gives its tensors: those of a checkpoint, or,
 * where there is none yet, the names and shapes alone. So a family describes its tensors once.
 */
public interface ModelTensors {

    /**
     * The model that {@code config} describes.
     *
     * @throws dev.coppice.worker.weights.CheckpointException when tensors are missing, wrong, or there that the config has no place for
     */
    static BlockModel assemble(LanguageConfig config, Checkpoint checkpoint) {
        StoredTensors tensors = new StoredTensors(checkpoint, config.layout());
        BlockModel model = config.assemble(tensors);
        tensors.requireAllTaken();
        return model;
    }

    /**
     * The tensors that a checkpoint of {@code config} holds: names to shapes, in the order in which they are asked for.
     *
     * @throws dev.coppice.worker.model.ModelException when the config does not say how large its vocabulary is
     */
    static Map<String, int[]> required(LanguageConfig config) {
        RequiredTensors tensors = new RequiredTensors(config.layout());
        config.assemble(tensors);
        return tensors.shapes();
    }

    /** Whether there is a tensor of this name, one that not all models of the family have. */
    boolean has(String name);

    /**
     * A small tensor as float32.
     *
     * @throws dev.coppice.worker.weights.CheckpointException as {@link dev.coppice.worker.weights.TensorReader#floats}
     */
    float[] vector(String name, int... shape);

    /** Rows of a matrix that is there: the vocabulary with its padding. */
    int rows(String name);

    /**
     * A weight (outputs, inputs) in its stored type, still in the mapped file.
     *
     * @throws dev.coppice.worker.weights.CheckpointException when it is missing, has another shape or is not of a floating type
     */
    HostArray matrix(String name, int outputs, int inputs);

    /** As {@link #matrix}, for a linear map in a layer. */
    default Projection projection(String name, MatrixRole role, int outputs, int inputs) {
        return new Projection(name, role, matrix(name, outputs, inputs));
    }

    /** A head that need not be stored: where it is not, or is the embedding once more, it is the embedding. */
    default HostArray head(String name, HostArray embedding) {
        if (!has(name)) {
            return embedding;
        }
        HostArray head = matrix(name, embedding.shape()[0], embedding.shape()[1]);
        return head.dtype() == embedding.dtype() && head.bytes().equals(embedding.bytes()) ? embedding : head;
    }
}
