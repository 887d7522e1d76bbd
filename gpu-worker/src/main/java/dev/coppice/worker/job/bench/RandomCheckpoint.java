package dev.coppice.worker.job.bench;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.CheckpointException;
import dev.coppice.worker.weights.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntToDoubleFunction;

/** Weights made up from a seed. The same calls with the same seed give the same weights. */
final class RandomCheckpoint implements Checkpoint {

    private final Map<String, HostArray> arrays = new LinkedHashMap<>();
    private final Random random;

    RandomCheckpoint(long seed) {
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

    @Override
    public String source() {
        return "random weights";
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(arrays.keySet());
    }

    @Override
    public TensorInfo info(String name) {
        HostArray array = read(name);
        return new TensorInfo(array.dtype(), array.shape());
    }

    @Override
    public HostArray read(String name) {
        HostArray array = arrays.get(name);
        if (array == null) {
            throw new CheckpointException(source() + ": there is no tensor " + name);
        }
        return array;
    }

    @Override
    public void close() {
        // nothing is held outside the heap
    }
}
