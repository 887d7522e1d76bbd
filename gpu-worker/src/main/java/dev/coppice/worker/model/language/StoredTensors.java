package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.CheckpointException;
import dev.coppice.worker.weights.TensorReader;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/** The tensors of a checkpoint; knows in the end what nobody took. */
final class StoredTensors implements ModelTensors {

    private final Checkpoint checkpoint;
    private final TensorReader reader;
    private final Set<String> taken = new TreeSet<>();

    StoredTensors(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.reader = new TensorReader(checkpoint);
    }

    @Override
    public boolean has(String name) {
        return reader.has(name);
    }

    @Override
    public float[] vector(String name, int... shape) {
        taken.add(name);
        return reader.floats(name, shape);
    }

    @Override
    public int rows(String name) {
        int[] shape = checkpoint.info(name).shape();
        if (shape.length != 2) {
            throw new CheckpointException(checkpoint.source() + ": tensor " + name + " has shape "
                    + Arrays.toString(shape) + " where a matrix is expected");
        }
        return shape[0];
    }

    @Override
    public HostArray matrix(String name, int outputs, int inputs) {
        taken.add(name);
        return reader.stored(name, outputs, inputs);
    }

    /**
     * Every tensor was taken.
     *
     * @throws CheckpointException when one was not; the message names them
     */
    void requireAllTaken() {
        Set<String> left = new TreeSet<>(checkpoint.names());
        left.removeAll(taken);
        if (!left.isEmpty()) {
            throw new CheckpointException(checkpoint.source() + ": holds tensors that the config has no place for: "
                    + String.join(", ", left) + ". Do config.json and the weights belong together?");
        }
    }
}
