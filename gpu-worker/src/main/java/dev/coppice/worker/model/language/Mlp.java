package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Tensor;
import java.util.List;

/** The part of a block that looks at each token alone. */
public interface Mlp {

    /** On a device. */
    Loaded on(Compute compute);

    /** Number of parameters. */
    long parameters();

    /** Its matrices, in the order of use. */
    List<Projection> projections();

    /** An MLP whose weights are on a device. */
    @FunctionalInterface
    interface Loaded {

        /** The MLP of x (R, D): (R, D). */
        Tensor run(Tensor x, Flow flow);
    }
}
