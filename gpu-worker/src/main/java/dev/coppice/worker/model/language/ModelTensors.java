package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.CheckpointException;
import dev.coppice.worker.weights.TensorReader;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/** Takes tensors out of a checkpoint by the names that a family gives them, and knows in the end what nobody took. */
public final class ModelTensors {

    private final Checkpoint checkpoint;
    private final TensorReader reader;
    private final Set<String> taken = new TreeSet<>();

    private ModelTensors(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.reader = new TensorReader(checkpoint);
    }

    /**
     * The model that {@code config} describes.
     *
     * @throws CheckpointException when tensors are missing, wrong, or there that the config has no place for
     */
    public static BlockModel assemble(LanguageConfig config, Checkpoint checkpoint) {
        ModelTensors tensors = new ModelTensors(checkpoint);
        BlockModel model = config.assembly().read(tensors);
        tensors.requireAllTaken();
        return model;
    }

    /** Whether there is a tensor of this name. */
    public boolean has(String name) {
        return reader.has(name);
    }

    /**
     * A small tensor as float32.
     *
     * @throws CheckpointException as {@link TensorReader#floats}
     */
    public float[] vector(String name, int... shape) {
        taken.add(name);
        return reader.floats(name, shape);
    }

    /** Rows of a matrix that is there: the vocabulary with its padding. */
    public int rows(String name) {
        int[] shape = checkpoint.info(name).shape();
        if (shape.length != 2) {
            throw new CheckpointException(checkpoint.source() + ": tensor " + name + " has shape "
                    + Arrays.toString(shape) + " where a matrix is expected");
        }
        return shape[0];
    }

    /**
     * A weight (outputs, inputs) in its stored type, still in the mapped file.
     *
     * @throws CheckpointException when it is missing, has another shape or is not of a floating type
     */
    public HostArray matrix(String name, int outputs, int inputs) {
        taken.add(name);
        return reader.stored(name, outputs, inputs);
    }

    /** A head that need not be stored: where it is not, it is the embedding. */
    public HostArray head(String name, HostArray embedding) {
        if (!has(name)) {
            return embedding;
        }
        return matrix(name, embedding.shape()[0], embedding.shape()[1]);
    }

    /**
     * Every tensor was taken.
     *
     * @throws CheckpointException when one was not; the message names them
     */
    private void requireAllTaken() {
        Set<String> left = new TreeSet<>(checkpoint.names());
        left.removeAll(taken);
        if (!left.isEmpty()) {
            throw new CheckpointException(checkpoint.source() + ": holds tensors that the config has no place for: "
                    + String.join(", ", left) + ". Do config.json and the weights belong together?");
        }
    }
}
