package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import org.bytedeco.cuda.global.cudart;

/** Names of element types in kernels and in cuBLASLt. */
final class CudaTypes {

    private CudaTypes() {}

    /** Name in {@code common.cuh}. */
    static String kernel(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> "float";
            case FLOAT16 -> "f16";
            case BFLOAT16 -> "bf16";
            default -> throw new IllegalArgumentException("no kernel reads " + dtype);
        };
    }

    /** cudaDataType_t. */
    static int blas(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> cudart.CUDA_R_32F;
            case FLOAT16 -> cudart.CUDA_R_16F;
            case BFLOAT16 -> cudart.CUDA_R_16BF;
            default -> throw new IllegalArgumentException("no matrix product reads " + dtype);
        };
    }
}
