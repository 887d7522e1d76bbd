package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.DType;

/**
 * Neighbouring columns of a tensor, as kernels read them.
 *
 * @param dtype of the elements
 * @param address of the first row's first element of these columns
 * @param count number of columns
 * @param stride elements from one row to the next
 */
record CudaColumns(DType dtype, long address, int count, int stride) {

    static CudaColumns of(Columns columns) {
        CudaTensor tensor = CudaTensor.of(columns.tensor());
        return new CudaColumns(
                tensor.dtype(),
                tensor.address() + (long) columns.from() * tensor.dtype().bytes(),
                columns.count(),
                tensor.columns());
    }

    /** Whether each row begins at a multiple of 16 bytes. */
    boolean aligned() {
        int lanes = CudaTypes.lanes(dtype);
        return stride % lanes == 0 && misplaced(lanes) == 0;
    }

    /** Elements by which the first lies past a multiple of {@code vector} elements. */
    int misplaced(int vector) {
        return (int) (address / dtype.bytes() % vector);
    }
}
