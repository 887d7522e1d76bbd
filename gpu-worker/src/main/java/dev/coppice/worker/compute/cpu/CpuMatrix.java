package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.LanguageShapes;
import dev.coppice.worker.compute.Matrix;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Shapes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A weight (outputs, inputs) in its stored type: where it was, when that is outside the heap, such as in a mapped file.
 * 16-bit weights are widened a few rows at a time, just before they are used, and weights of another type than the
 * compute's {@link Precision} are rounded to it there.
 *
 * @param dtype FLOAT32, FLOAT16 or BFLOAT16
 * @param outputs rows
 * @param inputs columns
 * @param bytes the elements, little-endian, from position 0
 * @param precision of the products it is used in
 */
record CpuMatrix(DType dtype, int outputs, int inputs, ByteBuffer bytes, Precision precision) implements Matrix {

    /** The matrix of {@code weight}; one in the heap is copied into {@code arena}. */
    static CpuMatrix of(HostArray weight, Precision precision, CpuArena arena) {
        LanguageShapes.matrix(weight);
        DType dtype = weight.dtype();
        ByteBuffer bytes = weight.bytes().slice();
        Shapes.check("bytes", new int[] {bytes.remaining()}, Math.toIntExact(weight.elements() * dtype.bytes()));
        if (!bytes.isDirect()) {
            ByteBuffer own = arena.allocate((bytes.remaining() + Float.BYTES - 1) / Float.BYTES)
                    .buffer();
            own.put(0, bytes, 0, bytes.remaining());
            bytes = own;
        }
        return new CpuMatrix(
                dtype, weight.shape()[0], weight.shape()[1], bytes.order(ByteOrder.LITTLE_ENDIAN), precision);
    }

    static CpuMatrix of(Matrix matrix) {
        if (matrix instanceof CpuMatrix own) {
            return own;
        }
        throw new IllegalArgumentException(
                "a matrix of " + matrix.getClass().getSimpleName() + " is not one of the cpu backend");
    }

    /**
     * Rows {@code from} to {@code from + rows} as float32 operands of a product: in place, or widened and rounded.
     *
     * @param panel holds them unless they are used in place; from {@link #panel}
     */
    FloatPointer rows(int from, int rows, CpuTensor panel) {
        if (usedInPlace()) {
            return new FloatPointer(new BytePointer(bytes)).position((long) from * inputs);
        }
        int count = rows * inputs;
        if (dtype == DType.FLOAT32) {
            Rounding.round(precision, bytes, from * inputs, count, panel.buffer(), 0);
        } else {
            Widening.widen(dtype, bytes, from * inputs, count, panel.buffer(), 0);
            if (precision != Precision.FLOAT32 && precision.operands() != dtype) {
                Rounding.round(precision, panel.buffer(), 0, count, panel.buffer(), 0);
            }
        }
        return panel.pointer();
    }

    /** A place for {@code rows} widened or rounded rows; none is taken where they are used in place. */
    CpuTensor panel(int rows, CpuArena arena) {
        return usedInPlace() ? arena.allocate(0) : arena.allocate(rows, inputs);
    }

    private boolean usedInPlace() {
        return dtype == DType.FLOAT32 && precision == Precision.FLOAT32;
    }

    /** Copies row {@code from}, exactly widened, into {@code out} from {@code to} on. */
    void copyRow(int from, ByteBuffer out, int to) {
        if (dtype == DType.FLOAT32) {
            Memory.copy(bytes, from * inputs, out, to, inputs);
        } else {
            Widening.widen(dtype, bytes, from * inputs, inputs, out, to);
        }
    }
}
