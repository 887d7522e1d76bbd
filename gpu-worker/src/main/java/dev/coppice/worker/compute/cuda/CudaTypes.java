package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import java.util.List;
import org.bytedeco.cuda.global.cudart;

/** Names of element types in kernels and in cuBLASLt. */
final class CudaTypes {

    /** Types that elements of activations may have. */
    static final List<DType> ELEMENTS = List.of(DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16);

    private static final int VECTOR_BYTES = 16;

    private CudaTypes() {}

    /** Number of a type of activations in {@code element.cuh}. */
    static int element(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> 0;
            case FLOAT16 -> 1;
            case BFLOAT16 -> 2;
            default -> throw new IllegalArgumentException("no kernel reads " + dtype);
        };
    }

    /** Elements of the largest access to memory. */
    static int lanes(DType dtype) {
        return VECTOR_BYTES / dtype.bytes();
    }

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
