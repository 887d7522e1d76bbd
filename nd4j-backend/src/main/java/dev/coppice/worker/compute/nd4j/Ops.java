package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Tensor;
import java.util.function.Consumer;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.api.ops.impl.reduce.same.Max;
import org.nd4j.linalg.api.ops.impl.transforms.strict.SoftPlus;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * What operations are built from. Every array belongs to the innermost scope of the arena; results of ND4J's operations are
 * allocated here first. Arrays of one shape are assigned; ND4J's assignment does not spread a shorter axis, its arithmetic does.
 */
final class Ops {

    private final Arena arena;
    private final Precision precision;
    private final Triangles triangles = new Triangles();

    Ops(Arena arena, Precision precision) {
        this.arena = arena;
        this.precision = precision;
    }

    Arena arena() {
        return arena;
    }

    Precision precision() {
        return precision;
    }

    Triangles triangles() {
        return triangles;
    }

    /** A tensor with undefined content. */
    Nd4jTensor allocate(int... shape) {
        long elements = 1;
        for (int length : shape) {
            elements = Math.multiplyExact(elements, (long) length);
        }
        return new Nd4jTensor(elements == 0 ? null : arena.take(elements), shape);
    }

    /** Does {@code work}, whose own arrays are freed, on a result that stays; nothing where the result has no elements. */
    Nd4jTensor into(Nd4jTensor result, Consumer<Nd4jTensor> work) {
        if (!result.isEmpty()) {
            arena.within(() -> work.accept(result));
        }
        return result;
    }

    /** A float32 array with undefined content. */
    INDArray take(long... shape) {
        long length = 1;
        for (long axis : shape) {
            length *= axis;
        }
        return view(arena.take(length), shape);
    }

    INDArray zeros(long... shape) {
        return take(shape).assign(0);
    }

    /** A contiguous copy. */
    INDArray copy(INDArray view) {
        return take(view.shape()).assign(view);
    }

    /** These values as float32. */
    INDArray floats(float[] values, long... shape) {
        return view(arena.own((long) values.length * Float.BYTES, () -> Nd4j.createFromArray(values)), shape);
    }

    /** A copy in another type. */
    INDArray cast(INDArray array, DataType type) {
        return arena.own(array.length() * type.width(), () -> array.castTo(type));
    }

    /** The array as an operand of a matrix product: rounded to the precision's type, and float32 again. */
    INDArray operand(INDArray array) {
        return switch (precision) {
            case FLOAT32 -> array;
            case TF32 -> throw new IllegalStateException("ND4J does not compute in " + precision);
            case FLOAT16 -> cast(cast(array, DataType.FLOAT16), DataType.FLOAT);
            case BFLOAT16 -> cast(cast(array, DataType.BFLOAT16), DataType.FLOAT);
        };
    }

    /** The same elements in another shape; never a copy. */
    static INDArray view(INDArray array, long... shape) {
        return Views.reshaped(array, shape);
    }

    /** Axes in another order; never a copy. */
    static INDArray permuted(INDArray array, int... axes) {
        return Views.permuted(array, axes);
    }

    /** Places {@code from} to {@code to} - 1 of an axis; never a copy. */
    static INDArray part(INDArray array, int axis, long from, long to) {
        if (from == 0 && to == array.size(axis)) {
            return array;
        }
        long[] shape = array.shape().clone();
        shape[axis] = to - from;
        return Views.of(
                array,
                array.offset() + from * array.stride(axis),
                shape,
                array.stride().clone());
    }

    /** One place of an axis, which is gone from the shape; never a copy. */
    static INDArray at(INDArray array, int axis, long place) {
        return Views.of(
                array,
                array.offset() + place * array.stride(axis),
                without(array.shape(), axis),
                without(array.stride(), axis));
    }

    private static long[] without(long[] axes, int axis) {
        long[] out = new long[axes.length - 1];
        System.arraycopy(axes, 0, out, 0, axis);
        System.arraycopy(axes, axis + 1, out, axis, out.length - axis);
        return out;
    }

    static INDArray rows(Tensor tensor) {
        return Nd4jTensor.of(tensor).matrix();
    }

    /** The columns as they lie, (R, count). */
    static INDArray columns(Columns columns) {
        INDArray matrix = rows(columns.tensor());
        return columns.count() == columns.tensor().columns()
                ? matrix
                : part(matrix, 1, columns.from(), columns.from() + columns.count());
    }

    /** The rows of these numbers, (rows.length, columns). */
    INDArray pull(INDArray matrix, int[] rows) {
        return Nd4j.pullRows(matrix, take(rows.length, matrix.size(1)), 1, rows);
    }

    /** Which operand of a product is transposed. */
    enum Transposed {
        NONE,
        LEFT,
        RIGHT
    }

    /** a b; with more than 2 axes for each of the outer ones. */
    INDArray product(INDArray a, INDArray b, Transposed transposed) {
        long[] shape = a.shape().clone();
        int last = shape.length - 1;
        shape[last - 1] = a.size(transposed == Transposed.LEFT ? last : last - 1);
        shape[last] = b.size(transposed == Transposed.RIGHT ? last - 1 : last);
        INDArray out = take(shape);
        multiply(a, b, transposed, 1, 0, out);
        return out;
    }

    /** out = alpha a b + beta out. */
    static void multiply(INDArray a, INDArray b, Transposed transposed, double alpha, double beta, INDArray out) {
        MMulTranspose how = MMulTranspose.builder()
                .transposeA(transposed == Transposed.LEFT)
                .transposeB(transposed == Transposed.RIGHT)
                .build();
        Nd4j.exec(new Mmul(a, b, out, alpha, beta, how));
    }

    /** a * b, spread over axes of length 1 of either, in this shape. */
    INDArray spread(INDArray a, INDArray b, long... shape) {
        return a.mul(b, take(shape));
    }

    static INDArray sigmoid(INDArray inPlace) {
        return Transforms.sigmoid(inPlace, false);
    }

    static INDArray softplus(INDArray inPlace) {
        Nd4j.getExecutioner().exec(new SoftPlus(inPlace, inPlace));
        return inPlace;
    }

    static INDArray exp(INDArray inPlace) {
        return Transforms.exp(inPlace, false);
    }

    /** x sigmoid(x). */
    INDArray silu(INDArray x) {
        return sigmoid(copy(x)).muli(x);
    }

    private INDArray reduced(INDArray x, int axis) {
        long[] shape = x.shape().clone();
        shape[axis] = 1;
        return take(shape);
    }

    INDArray mean(INDArray x, int axis) {
        return x.mean(reduced(x, axis), true, axis);
    }

    INDArray sum(INDArray x, int axis) {
        return x.sum(reduced(x, axis), true, axis);
    }

    INDArray max(INDArray x, int axis) {
        INDArray out = reduced(x, axis);
        Nd4j.getExecutioner().exec(new Max(x, out, true, axis));
        return out;
    }
}
