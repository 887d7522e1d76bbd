package dev.coppice.worker.compute.cuda;

import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.global.cudart;

/** A function on a GPU. */
final class Kernel {

    private static final int SHARED_BYTES_UNASKED = 48 << 10;

    private final String name;
    private final CUfunc_st function;
    private int sharedBytes = SHARED_BYTES_UNASKED;

    Kernel(String name, CUfunc_st function) {
        this.name = name;
        this.function = function;
    }

    String name() {
        return name;
    }

    CUfunc_st function() {
        return function;
    }

    /** Lets a block have this much dynamic shared memory. */
    synchronized void allowShared(int bytes) {
        if (bytes > sharedBytes) {
            CudaStatus.check(
                    cudart.cuFuncSetAttribute(function, cudart.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, bytes),
                    "asking for " + bytes + " bytes of shared memory for " + name);
            sharedBytes = bytes;
        }
    }
}
