package dev.coppice.worker.prune;

import dev.coppice.worker.model.ModelBatch;
import java.util.List;

/**
 * Inputs on which a method watches a model, encoded and ready to be run.
 *
 * @param batches in their order, which decides the order of sums
 */
public record Calibration(List<ModelBatch> batches) {

    public Calibration {
        batches = List.copyOf(batches);
    }

    /** Rows of the residual stream in all batches. */
    public long rows() {
        return batches.stream().mapToLong(ModelBatch::rows).sum();
    }

    /** Host memory of the inputs, in bytes. */
    public long bytes() {
        return batches.stream().mapToLong(ModelBatch::bytes).sum();
    }
}
