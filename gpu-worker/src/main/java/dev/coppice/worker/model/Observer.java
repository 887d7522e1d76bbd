package dev.coppice.worker.model;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Tensor;

/**
 * Sees the intermediates of a forward pass by the fixtures' names, such as {@code layer0.ssm_out}, and also
 * {@code layer0.norm_in} and {@code layer0.glu_in}, what goes into a norm and into a gated linear unit, which they do not record;
 * used by verify and by calibration.
 */
@FunctionalInterface
public interface Observer {

    /** Sees nothing and costs nothing. */
    Observer NONE = new Observer() {
        @Override
        public void see(String name, Compute lane, Tensor tensor) {}

        @Override
        public boolean watches(String name) {
            return false;
        }
    };

    /** Called when {@code tensor} has been computed; it is valid during the call. */
    void see(String name, Compute lane, Tensor tensor);

    /** Whether nobody will look at what the matrix called {@code name} gives, nor at anything after it: it may be zero then. */
    default boolean endsAt(String name) {
        return false;
    }

    /** Whether the observer looks at tensors of this name; those that cost something to make are not made for one that does not. */
    default boolean watches(String name) {
        return true;
    }
}
