package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A row-major array in device memory.
 *
 * @param dtype FLOAT32, or the 16-bit type of the compute's precision
 * @param memory what holds it; null for one without elements
 */
record CudaTensor(DType dtype, int[] shape, @Nullable DeviceMemory memory) implements Tensor {

    static CudaTensor of(Tensor tensor) {
        if (tensor instanceof CudaTensor own) {
            return own;
        }
        throw new IllegalArgumentException(
                "a tensor of " + tensor.getClass().getSimpleName() + " is not one of the cuda backend");
    }

    static @Nullable CudaTensor orNull(@Nullable Tensor tensor) {
        return tensor == null ? null : of(tensor);
    }

    /** Device address of the first element; 0 where there is none. */
    long address() {
        return memory == null ? 0 : memory.address();
    }

    /** Size of all elements. */
    long bytes() {
        return elements() * dtype.bytes();
    }
}
