package dev.coppice.worker.job.bench;

import dev.coppice.worker.model.LayeredModel;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.model.s4d.S4dModel;

/**
 * Floating-point operations of a classifier's layers: matrix products, scans and transforms. Element-by-element work is left out, so
 * that a rate of these operations can be held against the rate of a matrix product alone; so are encoder and decoder.
 */
final class Work {

    private Work() {}

    /** Operations of one sequence of the model's full length. */
    static double flops(SequenceClassifier model) {
        int steps = model.sequenceLength();
        double products = 0; // of a step, in all layers
        double transforms = 0; // of a sequence, in all layers
        for (WeightMatrix matrix : ((LayeredModel) model).matrices()) {
            products += 2.0 * matrix.outputs() * matrix.inputs();
            transforms += matrix.inputs() * transform(steps);
        }
        return steps * products + (model instanceof S4dModel ? transforms : steps * scan(model));
    }

    /** A complex multiply-add (8) of each state of S5 in each direction, which are two real numbers; for one step. */
    private static double scan(SequenceClassifier model) {
        return 4.0 * model.stateSize();
    }

    /**
     * Two complex Fourier transforms of a channel of S4D, whose only matrix has an input for each channel; 5 N log2 N each, for N the
     * power of two that holds the sequence. The number of states does not enter.
     */
    private static double transform(int steps) {
        int levels = Integer.SIZE - Integer.numberOfLeadingZeros(steps - 1);
        return 2 * 5.0 * levels * (1 << levels);
    }
}
