package dev.coppice.worker.model;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Tensor;

/** A classifier whose weights are on a device. */
public interface LoadedClassifier {

    /**
     * The classes' scores before the softmax.
     *
     * @param lane the compute that holds the weights, or one of its lanes
     * @param batch encoded sequences; with a retrieval head the first half is paired with the second
     * @param observer sees intermediates by their names in the fixtures
     * @return (outputs, classes), in the innermost open scope of {@code lane}
     */
    Tensor logits(Compute lane, SequenceBatch batch, Observer observer);
}
