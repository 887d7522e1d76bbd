package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Tensor;
import java.util.function.UnaryOperator;

/** The part of a block that looks at each token alone. */
public interface Mlp {

    /** On a device, as a function of x (R, D). */
    UnaryOperator<Tensor> on(Compute compute);

    /** Number of parameters. */
    long parameters();
}
