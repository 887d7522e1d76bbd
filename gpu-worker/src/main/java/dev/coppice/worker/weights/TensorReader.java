package dev.coppice.worker.weights;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import java.util.Arrays;

/** Reads a checkpoint's tensors with the shapes that a model expects. */
public final class TensorReader {

    private final Checkpoint checkpoint;

    /** A reader of {@code checkpoint}, which stays the caller's to close. */
    public TensorReader(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    /** Whether there is a tensor of this name. */
    public boolean has(String name) {
        return checkpoint.names().contains(name);
    }

    /** What is read, for messages. */
    public String source() {
        return checkpoint.source();
    }

    /**
     * A tensor in float32, row-major, 16-bit types widened exactly.
     *
     * @throws CheckpointException when it is missing, has another shape, is not of a floating type or holds NaN or infinity
     */
    public float[] floats(String name, int... shape) {
        HostArray array = stored(name, shape);
        float[] values = narrowed(array);
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new CheckpointException(
                        checkpoint.source() + ": tensor " + name + " holds " + values[i] + " at element "
                                + i + " of " + values.length + " (row "
                                + i / Math.max(1, shape.length == 0 ? 1 : shape[shape.length - 1])
                                + "). The checkpoint is damaged or its training diverged");
            }
        }
        return values;
    }

    /**
     * A tensor in its stored type, row-major, its values not looked at.
     *
     * @throws CheckpointException when it is missing, has another shape or is not of a floating type
     */
    public HostArray stored(String name, int... shape) {
        HostArray array = checkpoint.read(name);
        if (!Arrays.equals(array.shape(), shape)) {
            throw new CheckpointException(checkpoint.source() + ": tensor " + name + " has shape "
                    + Arrays.toString(array.shape()) + " where the config asks for " + Arrays.toString(shape)
                    + ". Do config.json and the weights belong together?");
        }
        if (!array.dtype().floating()) {
            throw new CheckpointException(checkpoint.source() + ": tensor " + name + " holds " + array.dtype()
                    + " elements where real numbers are expected");
        }
        return array;
    }

    private static float[] narrowed(HostArray array) {
        if (array.dtype() != DType.FLOAT64) {
            return array.toFloats();
        }
        double[] wide = array.toDoubles();
        float[] values = new float[wide.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) wide[i];
        }
        return values;
    }
}
