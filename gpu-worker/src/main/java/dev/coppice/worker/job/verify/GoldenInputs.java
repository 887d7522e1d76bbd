package dev.coppice.worker.job.verify;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.CheckpointException;
import java.util.Arrays;

/** The inputs that a golden file records: {@code tokens} (B, T) or {@code x} (B, T, channels), and {@code lengths} (B). */
final class GoldenInputs {

    private static final String TOKENS = "tokens";
    private static final String VALUES = "x";
    private static final String LENGTHS = "lengths";

    private GoldenInputs() {}

    /**
     * Reads them.
     *
     * @throws CheckpointException when there are none or their shapes do not go together
     */
    static SequenceBatch read(Checkpoint golden) {
        boolean tokens = golden.names().contains(TOKENS);
        if (!tokens && !golden.names().contains(VALUES)) {
            throw new CheckpointException(golden.source()
                    + ": has no inputs to run the model on; they are a tensor \"tokens\" (sequences, steps)"
                    + " or \"x\" (sequences, steps, channels)");
        }
        HostArray input = golden.read(tokens ? TOKENS : VALUES);
        int[] shape = input.shape();
        if (shape.length != (tokens ? 2 : 3) || tokens != integer(input)) {
            throw new CheckpointException(golden.source() + ": " + (tokens ? TOKENS : VALUES) + " is "
                    + input.dtype() + " " + Arrays.toString(shape) + ", expected "
                    + (tokens ? "integers (sequences, steps)" : "real numbers (sequences, steps, channels)"));
        }
        int[] lengths = lengths(golden, shape[0], shape[1]);
        return tokens
                ? SequenceBatch.ofTokens(shape[0], shape[1], input.toInts(), lengths)
                : SequenceBatch.ofValues(shape[0], shape[1], shape[2], floats(input), lengths);
    }

    private static boolean integer(HostArray array) {
        return !array.dtype().floating() && array.dtype() != DType.BOOL;
    }

    /** Float64 inputs are rounded, as the model's own arithmetic would do it. */
    private static float[] floats(HostArray array) {
        double[] values = array.toDoubles();
        float[] rounded = new float[values.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }

    /** Valid steps of each sequence; all steps where the file does not say. */
    private static int[] lengths(Checkpoint golden, int sequences, int steps) {
        int[] lengths = new int[sequences];
        Arrays.fill(lengths, steps);
        if (!golden.names().contains(LENGTHS)) {
            return lengths;
        }
        HostArray stored = golden.read(LENGTHS);
        if (!Arrays.equals(stored.shape(), new int[] {sequences}) || !integer(stored)) {
            throw new CheckpointException(
                    golden.source() + ": lengths is " + stored.dtype() + " " + Arrays.toString(stored.shape())
                            + ", expected one integer for each of " + sequences + " sequences");
        }
        return stored.toInts();
    }
}
