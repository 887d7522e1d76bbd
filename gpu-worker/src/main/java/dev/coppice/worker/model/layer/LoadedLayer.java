package dev.coppice.worker.model.layer;

import dev.coppice.worker.compute.Affine;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Tensor;
import org.jspecify.annotations.Nullable;

/** A layer whose weights are on a device; any lane of that Compute may run it. */
@FunctionalInterface
public interface LoadedLayer {

    /** The layer's output, with the leading axes of {@code x}, in the innermost open scope of {@code lane}. */
    Tensor run(Compute lane, Tensor x);

    /** The layer as a map of each channel by itself; null where it is not one. */
    default @Nullable Affine asAffine() {
        return null;
    }
}
