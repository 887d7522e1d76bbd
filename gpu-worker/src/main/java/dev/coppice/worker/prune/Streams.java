package dev.coppice.worker.prune;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.model.LayeredModel;
import dev.coppice.worker.model.ModelBatch;
import dev.coppice.worker.model.Observer;
import java.util.List;

/**
 * The residual streams of all calibration batches between two layers, (rows, D) or (B, T, D) each. They stay on a device with memory of its own
 * where they take a small part of it, else on the host.
 */
interface Streams {

    /** What a job may take of a device, for each part of it that streams may take. */
    int MEMORY_TO_STREAMS = 4;

    /** Runs all batches through a layer; with {@code onwards} their streams become those after it. */
    void pass(LayeredModel model, int layer, Observer observer, boolean onwards);

    /**
     * The streams before the first layer, in the innermost open scope of the compute of {@code inputs}; they are gone when it is
     * closed.
     */
    static Streams enter(LayeredModel model, PruningInputs inputs) {
        return fit(model, inputs) ? new DeviceStreams(model, inputs) : new HostStreams(model, inputs);
    }

    private static boolean fit(LayeredModel model, PruningInputs inputs) {
        Compute compute = inputs.compute();
        Long memory = compute.device().memoryBytes();
        if (memory == null) {
            return false;
        }
        List<ModelBatch> batches = inputs.calibration().batches();
        try (Scope scope = compute.scope()) {
            long width = model.enter(compute, batches.get(0)).columns();
            long rows = batches.stream().mapToLong(ModelBatch::rows).sum();
            return Float.BYTES * rows * width <= memory / MEMORY_TO_STREAMS;
        }
    }
}
