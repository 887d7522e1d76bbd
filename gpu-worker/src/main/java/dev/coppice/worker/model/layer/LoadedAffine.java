package dev.coppice.worker.model.layer;

import dev.coppice.worker.compute.Affine;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Tensor;
import org.jspecify.annotations.Nullable;

/** A norm that is the same map at every step, so that the operation before or after it may take it along. */
record LoadedAffine(Affine affine) implements LoadedLayer {

    @Override
    public Tensor run(Compute lane, Tensor x) {
        return lane.channelAffine(x, affine.scale(), affine.shift());
    }

    @Override
    public @Nullable Affine asAffine() {
        return affine;
    }
}
