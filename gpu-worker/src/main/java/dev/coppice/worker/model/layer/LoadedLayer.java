package dev.coppice.worker.model.layer;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Tensor;

/** A layer whose weights are on a device; any lane of that Compute may run it. */
@FunctionalInterface
public interface LoadedLayer {

    /** The layer's output, with the leading axes of {@code x}, in the innermost open scope of {@code lane}. */
    Tensor run(Compute lane, Tensor x);
}
