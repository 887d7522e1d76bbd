package dev.coppice.worker.compute;

/**
 * A row-major array on a device, owned by the {@link Compute} that made it and freed with the {@link Scope} it was made
 * in. It is a handle: values are seen through {@link Compute#download}.
 */
public interface Tensor {

    /** Length of each axis, outermost first. Callers do not change it. */
    int[] shape();

    /** Number of elements. */
    default long elements() {
        long product = 1;
        for (int length : shape()) {
            product *= length;
        }
        return product;
    }

    /** Length of the innermost axis. */
    default int columns() {
        return shape()[shape().length - 1];
    }

    /** Product of all axes but the innermost. */
    default long rows() {
        return columns() == 0 ? 0 : elements() / columns();
    }
}
