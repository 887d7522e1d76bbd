package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Precision;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.cuda.cublas.cublasLtContext;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products by cuBLASLt, summed in float32: float32 operands in full float32, or in tf32 where that is the precision, and
 * 16-bit operands by the tensor cores.
 */
final class MatrixProducts implements AutoCloseable {

    private static final int PLANS = 1024;
    private static final long BEST_ALIGNMENT = 256;

    private final CudaRuntime runtime;
    private final int arithmetic; // cublasComputeType_t
    private final cublasLtContext library = new cublasLtContext();
    private final FloatPointer one = new FloatPointer(1).put(1f);
    private final FloatPointer zero = new FloatPointer(1).put(0f);
    private final LongPointer biasAddress = new LongPointer(1);
    private final At weightAt = new At();
    private final At xAt = new At();
    private final At outAt = new At();
    private final At workspaceAt = new At();
    private final LinkedHashMap<MatrixPlan.Shape, MatrixPlan> plans = new LinkedHashMap<>(64, 0.75f, true);
    private final DeviceMemory workspace;

    MatrixProducts(CudaRuntime runtime) {
        this.runtime = runtime;
        arithmetic =
                runtime.precision() == Precision.TF32 ? cublas.CUBLAS_COMPUTE_32F_FAST_TF32 : cublas.CUBLAS_COMPUTE_32F;
        workspace = runtime.keep(MatrixPlan.WORKSPACE_BYTES);
        MatrixPlan.check(cublas.cublasLtCreate(library), "starting cuBLASLt");
    }

    /** A pointer of the host's library to a place on the device. */
    private static final class At extends Pointer {
        At() {
            super((Pointer) null);
        }

        Pointer to(long place) {
            address = place;
            return this;
        }
    }

    /**
     * One operand: rows of elements, a step apart.
     *
     * @param address of the first element
     * @param stride elements from one row to the next
     */
    record Operand(DType dtype, long address, long stride) {

        static Operand of(CudaTensor tensor) {
            return new Operand(tensor.dtype(), tensor.address(), tensor.columns());
        }
    }

    /** out = x weight' + bias; x (rows, inputs), weight (outputs, inputs), out (rows, outputs), bias (outputs) of out's type. */
    void product(int rows, int outputs, int inputs, Operand x, Operand weight, Operand out, @Nullable CudaTensor bias) {
        product(rows, outputs, inputs, x, weight, out, bias, zero);
    }

    /** Adds x weight' to out, with operands as {@link #product} has them. */
    void addProduct(int rows, int outputs, int inputs, Operand x, Operand weight, Operand out) {
        product(rows, outputs, inputs, x, weight, out, null, one);
    }

    private void product(
            int rows,
            int outputs,
            int inputs,
            Operand x,
            Operand weight,
            Operand out,
            @Nullable CudaTensor bias,
            FloatPointer kept) {
        if (rows == 0 || outputs == 0) {
            return;
        }
        long addresses = x.address() | weight.address() | out.address() | BEST_ALIGNMENT;
        MatrixPlan plan = plan(new MatrixPlan.Shape(
                x.dtype(),
                out.dtype(),
                rows,
                outputs,
                inputs,
                x.stride(),
                weight.stride(),
                out.stride(),
                bias != null,
                (int) Long.lowestOneBit(addresses)));
        if (bias != null) {
            plan.bias(biasAddress.put(bias.address()));
        }
        runtime.device().enter();
        MatrixPlan.check(
                cublas.cublasLtMatmul(
                        library,
                        plan.product(),
                        one,
                        weightAt.to(weight.address()),
                        plan.weight(),
                        xAt.to(x.address()),
                        plan.x(),
                        kept,
                        outAt.to(out.address()),
                        plan.out(),
                        outAt,
                        plan.out(),
                        plan.choice().algo(),
                        workspaceAt.to(workspace.address()),
                        MatrixPlan.WORKSPACE_BYTES,
                        runtime.stream()),
                "multiplying matrices");
    }

    private MatrixPlan plan(MatrixPlan.Shape shape) {
        MatrixPlan known = plans.get(shape);
        if (known == null) {
            known = new MatrixPlan(library, shape, arithmetic);
            plans.put(shape, known);
            if (plans.size() > PLANS) {
                Map.Entry<MatrixPlan.Shape, MatrixPlan> oldest =
                        plans.entrySet().iterator().next();
                plans.remove(oldest.getKey());
                oldest.getValue().close();
            }
        }
        return known;
    }

    @Override
    public void close() {
        plans.values().forEach(MatrixPlan::close);
        plans.clear();
        cublas.cublasLtDestroy(library);
        one.close();
        zero.close();
        biasAddress.close();
    }
}
