package dev.coppice.worker.job.verify;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.weights.Checkpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Holds what a model computes against the golden tensors of the same names; what has no namesake is passed over. */
final class Comparisons {

    private final Checkpoint golden;
    private final ErrorMeasure measure;
    private final Map<String, TensorComparison> byName = new LinkedHashMap<>();

    Comparisons(Checkpoint golden, Compute compute) {
        this.golden = golden;
        measure = ErrorMeasure.of(compute.precision());
    }

    /** Whether there is a golden tensor of this name. */
    boolean has(String name) {
        return golden.names().contains(name);
    }

    void add(String name, Compute lane, Tensor tensor) {
        if (has(name)) {
            add(name, tensor.shape(), lane.download(tensor));
        }
    }

    void add(String name, int[] shape, float[] values) {
        add(
                name,
                shape,
                IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray());
    }

    void add(String name, int[] shape, double[] values) {
        if (has(name) && golden.info(name).dtype().floating()) {
            byName.put(name, TensorComparison.of(name, shape, values, golden.read(name), measure));
        }
    }

    Verification result() {
        return new Verification(
                measure,
                List.copyOf(byName.values()),
                golden.names().stream()
                        .filter(name -> !byName.containsKey(name))
                        .toList());
    }
}
