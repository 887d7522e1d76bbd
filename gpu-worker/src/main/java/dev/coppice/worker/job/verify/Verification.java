package dev.coppice.worker.job.verify;

import java.util.List;

/**
 * What a comparison with a golden file has shown.
 *
 * @param measure of the tensors' errors
 * @param comparisons the tensors that were compared, in the order in which a model computes them
 * @param notCompared names of the golden tensors that were not: inputs, labels, and outputs of other models
 */
public record Verification(ErrorMeasure measure, List<TensorComparison> comparisons, List<String> notCompared) {

    public Verification {
        comparisons = List.copyOf(comparisons);
        notCompared = List.copyOf(notCompared);
    }

    /** The largest of the tensors' errors; 0 when nothing was compared. */
    public double largestError() {
        return comparisons.stream().mapToDouble(TensorComparison::error).max().orElse(0);
    }
}
