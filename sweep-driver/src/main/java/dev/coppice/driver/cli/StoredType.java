package dev.coppice.driver.cli;

import dev.coppice.worker.compute.DType;

/** Types in which weights can be stored, by the names of the command line. */
enum StoredType {
    FLOAT32(DType.FLOAT32),
    BFLOAT16(DType.BFLOAT16),
    FLOAT16(DType.FLOAT16);

    private final DType dtype;

    StoredType(DType dtype) {
        this.dtype = dtype;
    }

    DType dtype() {
        return dtype;
    }
}
