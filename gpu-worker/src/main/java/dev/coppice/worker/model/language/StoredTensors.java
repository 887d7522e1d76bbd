package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.CheckpointException;
import dev.coppice.worker.weights.TensorReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tensors of a checkpoint; knows in the end which were not there, for which it hands out empty ones, and which nobody took.
 */
final class StoredTensors implements ModelTensors {

    private static final int MOST_LISTED = 40;

    private final Checkpoint checkpoint;
    private final PublishedLayout layout;
    private final TensorReader reader;
    private final Set<String> taken = new TreeSet<>();
    private final Set<String> missing = new TreeSet<>();

    StoredTensors(Checkpoint checkpoint, PublishedLayout layout) {
        this.checkpoint = checkpoint;
        this.layout = layout;
        this.reader = new TensorReader(checkpoint);
    }

    @Override
    public boolean has(String name) {
        return layout.holds(name) ? !isMissing(name) : reader.has(name);
    }

    @Override
    public float[] vector(String name, int... shape) {
        if (isMissing(name)) {
            return new float[0];
        }
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
        if (isMissing(name)) {
            return new HostArray(DType.FLOAT32, new int[] {outputs, inputs}, ByteBuffer.allocate(0));
        }
        taken.add(name);
        return reader.stored(name, outputs, inputs);
    }

    private boolean isMissing(String name) {
        boolean there = reader.has(name);
        if (!there) {
            missing.add(name);
        }
        return !there;
    }

    /**
     * Every tensor that was asked for is there, and every one that is there was taken.
     *
     * @throws CheckpointException when not; the message names them
     */
    void requireAllTaken() {
        Set<String> left = new TreeSet<>(checkpoint.names());
        left.removeAll(taken);
        List<String> problems = new ArrayList<>();
        if (!missing.isEmpty()) {
            problems.add("lacks " + listed(missing) + " that the config asks for");
        }
        if (!left.isEmpty()) {
            problems.add("holds " + listed(left) + " that the config has no place for");
        }
        if (!problems.isEmpty()) {
            throw new CheckpointException(checkpoint.source() + ": " + String.join("; ", problems)
                    + ". Do config.json and the weights belong together?");
        }
    }

    private static String listed(Set<String> names) {
        if (names.size() == 1) {
            return "a tensor (" + String.join("", names) + ")";
        }
        int more = names.size() - MOST_LISTED;
        return names.size() + " tensors ("
                + String.join(", ", names.stream().limit(MOST_LISTED).toList())
                + (more > 0 ? " and " + more + " more" : "") + ")";
    }
}
