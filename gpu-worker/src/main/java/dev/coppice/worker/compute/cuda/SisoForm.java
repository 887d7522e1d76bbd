package dev.coppice.worker.compute.cuda;

import org.jspecify.annotations.Nullable;

/** A way to run an S4D layer, with what it needs on the device. */
interface SisoForm {

    /**
     * Queues y of u.
     *
     * @param u (B, T, H)
     * @param partial float32 (B, T, H) for the first direction's outputs, y itself if it is float32; null with one direction
     * @param y (B, T, H), of u's type
     */
    void run(CudaRuntime runtime, CudaTensor u, @Nullable CudaTensor partial, CudaTensor y);
}
