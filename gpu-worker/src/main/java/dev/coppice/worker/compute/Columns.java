package dev.coppice.worker.compute;

/**
 * Neighbouring columns of a tensor (R, width), as they lie: what a projection gives several parts of a layer.
 *
 * @param tensor the whole tensor
 * @param from first column
 * @param count number of columns
 */
public record Columns(Tensor tensor, int from, int count) {

    public Columns {
        if (from < 0 || count < 0 || from + count > tensor.columns()) {
            throw new IllegalArgumentException(
                    "columns " + from + " to " + (from + count) + " of a tensor of " + tensor.columns());
        }
    }

    /** All columns of {@code tensor}. */
    public static Columns all(Tensor tensor) {
        return new Columns(tensor, 0, tensor.columns());
    }

    /** Rows of the tensor. */
    public long rows() {
        return tensor.rows();
    }
}
