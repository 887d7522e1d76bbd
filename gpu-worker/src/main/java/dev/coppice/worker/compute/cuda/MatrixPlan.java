package dev.coppice.worker.compute.cuda;

import static org.bytedeco.cuda.global.cublas.CUBLASLT_EPILOGUE_BIAS;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_BIAS_POINTER;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_EPILOGUE;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_TRANSA;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_REDUCTION_SCHEME_NONE;

import dev.coppice.worker.compute.DType;
import org.bytedeco.cuda.cublas.cublasLtContext;
import org.bytedeco.cuda.cublas.cublasLtMatmulDescOpaque_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulHeuristicResult_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulPreferenceOpaque_t;
import org.bytedeco.cuda.cublas.cublasLtMatrixLayoutOpaque_t;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * How cuBLASLt computes products of one shape. Sums are never split over blocks that add to each other, so that a row's result
 * depends little on how many rows there are, and not at all on timing.
 */
final class MatrixPlan implements AutoCloseable {

    /** Memory that a product may use beside its operands: what NVIDIA advises for Hopper. */
    static final long WORKSPACE_BYTES = 32L << 20;

    /**
     * What a plan is made for: out (rows, outputs) = x (rows, inputs) weight (outputs, inputs)', each with its own step from one row
     * to the next, in elements.
     *
     * @param operands type of x and weight
     * @param result type of out
     * @param bias whether a bias (outputs) of the result's type is added
     * @param alignment of all addresses, in bytes
     */
    record Shape(
            DType operands,
            DType result,
            int rows,
            int outputs,
            int inputs,
            long xStride,
            long weightStride,
            long outStride,
            boolean bias,
            int alignment) {}

    private final cublasLtMatmulDescOpaque_t product;
    private final cublasLtMatrixLayoutOpaque_t weight;
    private final cublasLtMatrixLayoutOpaque_t x;
    private final cublasLtMatrixLayoutOpaque_t out;
    private final cublasLtMatmulHeuristicResult_t choice = new cublasLtMatmulHeuristicResult_t();

    /**
     * cuBLASLt counts columns first: its A is our weight, transposed, its B our x, its D our out.
     *
     * @param arithmetic a cublasComputeType_t
     */
    MatrixPlan(cublasLtContext library, Shape shape, int arithmetic) {
        try (PointerPointer<Pointer> place = new PointerPointer<>(1)) {
            check(cublas.cublasLtMatmulDescCreate(place, arithmetic, cudart.CUDA_R_32F), "describing a product");
            product = new cublasLtMatmulDescOpaque_t(place.get());
            weight = layout(place, shape.operands(), shape.inputs(), shape.outputs(), shape.weightStride());
            x = layout(place, shape.operands(), shape.inputs(), shape.rows(), shape.xStride());
            out = layout(place, shape.result(), shape.outputs(), shape.rows(), shape.outStride());
        }
        set(CUBLASLT_MATMUL_DESC_TRANSA, cublas.CUBLAS_OP_T);
        if (shape.bias()) {
            set(CUBLASLT_MATMUL_DESC_EPILOGUE, CUBLASLT_EPILOGUE_BIAS);
        }
        choose(library, shape);
    }

    private static cublasLtMatrixLayoutOpaque_t layout(
            PointerPointer<Pointer> place, DType dtype, long length, long count, long stride) {
        check(
                cublas.cublasLtMatrixLayoutCreate(place, CudaTypes.blas(dtype), length, count, stride),
                "describing a matrix");
        return new cublasLtMatrixLayoutOpaque_t(place.get());
    }

    private void set(int attribute, int value) {
        try (IntPointer own = new IntPointer(1).put(value)) {
            check(
                    cublas.cublasLtMatmulDescSetAttribute(product, attribute, own, Integer.BYTES),
                    "describing a product");
        }
    }

    private void choose(cublasLtContext library, Shape shape) {
        try (PointerPointer<Pointer> place = new PointerPointer<>(1);
                LongPointer workspace = new LongPointer(1).put(WORKSPACE_BYTES);
                IntPointer none = new IntPointer(1).put(CUBLASLT_REDUCTION_SCHEME_NONE);
                IntPointer alignment = new IntPointer(1).put(shape.alignment());
                IntPointer found = new IntPointer(1)) {
            check(cublas.cublasLtMatmulPreferenceCreate(place), "choosing a product");
            cublasLtMatmulPreferenceOpaque_t wish = new cublasLtMatmulPreferenceOpaque_t(place.get());
            prefer(wish, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, workspace, Long.BYTES);
            prefer(wish, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, none, Integer.BYTES);
            prefer(wish, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, alignment, Integer.BYTES);
            prefer(wish, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, alignment, Integer.BYTES);
            prefer(wish, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, alignment, Integer.BYTES);
            prefer(wish, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, alignment, Integer.BYTES);
            int status = cublas.cublasLtMatmulAlgoGetHeuristic(
                    library, product, weight, x, out, out, wish, 1, choice, found);
            cublas.cublasLtMatmulPreferenceDestroy(wish);
            check(status, "choosing how to compute " + shape);
            if (found.get() == 0) {
                throw new IllegalStateException("cuBLASLt has no way to compute " + shape);
            }
        }
    }

    private static void prefer(cublasLtMatmulPreferenceOpaque_t wish, int attribute, Pointer value, long bytes) {
        check(cublas.cublasLtMatmulPreferenceSetAttribute(wish, attribute, value, bytes), "choosing a product");
    }

    /** Where the bias lies in the products to come. */
    void bias(LongPointer address) {
        check(
                cublas.cublasLtMatmulDescSetAttribute(product, CUBLASLT_MATMUL_DESC_BIAS_POINTER, address, Long.BYTES),
                "placing a bias");
    }

    cublasLtMatmulDescOpaque_t product() {
        return product;
    }

    cublasLtMatrixLayoutOpaque_t weight() {
        return weight;
    }

    cublasLtMatrixLayoutOpaque_t x() {
        return x;
    }

    cublasLtMatrixLayoutOpaque_t out() {
        return out;
    }

    cublasLtMatmulHeuristicResult_t choice() {
        return choice;
    }

    static void check(int status, String action) {
        if (status != cublas.CUBLAS_STATUS_SUCCESS) {
            throw new IllegalStateException(
                    action + ": " + cublas.cublasLtGetStatusString(status).getString());
        }
    }

    @Override
    public void close() {
        choice.close();
        cublas.cublasLtMatrixLayoutDestroy(out);
        cublas.cublasLtMatrixLayoutDestroy(x);
        cublas.cublasLtMatrixLayoutDestroy(weight);
        cublas.cublasLtMatmulDescDestroy(product);
    }
}
