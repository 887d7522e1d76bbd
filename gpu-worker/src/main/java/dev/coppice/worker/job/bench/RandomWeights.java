package dev.coppice.worker.job.bench;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.InMemoryCheckpoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/** Weights made up from a seed. The same calls with the same seed give the same weights. */
final class RandomWeights {

    private final Map<String, HostArray> arrays = new LinkedHashMap<>();
    private final Random random;

    RandomWeights(long seed) {
        random = new Random(seed);
    }

    /** Adds a tensor of normal numbers with mean 0. */
    void normal(String name, double deviation, int... shape) {
        add(name, index -> deviation * random.nextGaussian(), shape);
    }

    /** Adds a tensor of step sizes' logarithms, for steps between 0.001 and 0.1. */
    void logSteps(String name, int... shape) {
        double low = Math.log(1e-3);
        double high = Math.log(1e-1);
        add(name, index -> low + (high - low) * random.nextDouble(), shape);
    }

    /** Adds a tensor that holds one value. */
    void constant(String name, double value, int... shape) {
        add(name, index -> value, shape);
    }

    /** Adds a tensor whose element number i, row-major, is {@code value} of i. */
    void add(String name, IntToDoubleFunction value, int... shape) {
        int elements = 1;
        for (int length : shape) {
            elements *= length;
        }
        ByteBuffer bytes = ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
            bytes.putFloat((float) value.applyAsDouble(i));
        }
        arrays.put(name, new HostArray(DType.FLOAT32, shape, bytes.flip()));
    }

    /** What was added so far. */
    Checkpoint checkpoint() {
        return new InMemoryCheckpoint("random weights", arrays);
    }
}
