package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.AttentionInputs;
import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.ConvFilter;
import dev.coppice.worker.compute.Course;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.LanguageOps;
import dev.coppice.worker.compute.LanguageShapes;
import dev.coppice.worker.compute.Matrix;
import dev.coppice.worker.compute.ScanInputs;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.SelectiveParameters;
import dev.coppice.worker.compute.Shapes;
import dev.coppice.worker.compute.SsdParameters;
import dev.coppice.worker.compute.Stateful;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.TokenScores;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The operations of language models: shapes are checked and types chosen here, kernels do the work. The residual
 * stream is float32 whatever the precision; what goes into matrix products, and what comes from them, has the precision's type.
 */
final class CudaLanguage implements LanguageOps {

    private final CudaRuntime runtime;
    private final MatrixProducts products;
    private final int rows;

    /** Operations whose runs have {@code rows} rows. */
    CudaLanguage(CudaRuntime runtime, MatrixProducts products, int rows) {
        this.runtime = runtime;
        this.products = products;
        this.rows = rows;
    }

    @Override
    public int preferredRows() {
        return rows;
    }

    @Override
    public CudaMatrix matrix(HostArray weight) {
        LanguageShapes.matrix(weight);
        DType dtype = weight.dtype();
        CudaTensor stored = runtime.allocate(dtype, weight.shape().clone());
        ByteBuffer bytes = weight.bytes().slice().order(ByteOrder.LITTLE_ENDIAN);
        Shapes.check("bytes", new int[] {bytes.remaining()}, Math.toIntExact(stored.bytes()));
        runtime.write(stored, bytes);
        CudaTensor used = ElementKernels.convert(runtime, stored, runtime.type());
        if (used != stored) {
            runtime.drop(stored);
        }
        return new CudaMatrix(used);
    }

    /** x weight' + bias for x (.., in), weight (out, in), both of {@code operands} afterwards; the result has that type too. */
    CudaTensor linear(CudaTensor x, CudaTensor weight, @Nullable CudaTensor bias, int[] shape) {
        DType type = weight.dtype();
        CudaTensor out = runtime.allocate(type, shape);
        CudaTensor input = ElementKernels.convert(runtime, x, type);
        CudaTensor shift = bias == null ? null : ElementKernels.convert(runtime, bias, type);
        products.product(
                Math.toIntExact(x.rows()),
                weight.shape()[0],
                weight.columns(),
                MatrixProducts.Operand.of(input),
                MatrixProducts.Operand.of(weight),
                MatrixProducts.Operand.of(out),
                shift);
        if (input != x) {
            runtime.drop(input);
        }
        if (shift != bias) {
            runtime.drop(shift);
        }
        return out;
    }

    @Override
    public CudaTensor linear(Tensor x, Matrix weight, @Nullable Tensor bias) {
        LanguageShapes.linear(x, weight, bias);
        int[] shape = {Math.toIntExact(x.rows()), weight.outputs()};
        return linear(CudaTensor.of(x), CudaMatrix.of(weight).tensor(), CudaTensor.orNull(bias), shape);
    }

    @Override
    public CudaTensor embedding(int[] ids, Matrix table) {
        Shapes.ids(ids, "row", table.outputs());
        CudaTensor out = runtime.allocate(DType.FLOAT32, ids.length, table.inputs());
        RowKernels.gather(runtime, CudaMatrix.of(table).tensor(), runtime.ints(ids), out);
        return out;
    }

    @Override
    public CudaTensor rmsNorm(Tensor x, Tensor scale, double epsilon) {
        LanguageShapes.rmsNorm(x, scale);
        return NormKernels.rmsNorm(runtime, CudaTensor.of(x), CudaTensor.of(scale), epsilon);
    }

    @Override
    public CudaTensor gatedRmsNorm(Columns x, Columns gate, Tensor scale, int groups, double epsilon) {
        LanguageShapes.gatedRmsNorm(x, gate, scale, groups);
        return NormKernels.gatedRmsNorm(
                runtime,
                CudaColumns.of(x),
                CudaColumns.of(gate),
                Math.toIntExact(x.rows()),
                CudaTensor.of(scale),
                groups,
                epsilon);
    }

    @Override
    public CudaTensor siluGate(Columns x, Columns gate, @Nullable Tensor bias) {
        LanguageShapes.siluGate(x, gate, bias);
        return ElementKernels.siluGate(
                runtime, CudaColumns.of(x), CudaColumns.of(gate), Math.toIntExact(x.rows()), CudaTensor.orNull(bias));
    }

    @Override
    public Stateful causalConv(Columns x, ConvFilter filter, Course course) {
        SequenceChecks.causalConv(x, filter, course);
        return ConvKernels.run(runtime, CudaColumns.of(x), filter, Along.of(runtime, course));
    }

    @Override
    public Stateful ssdScan(SsdParameters parameters, ScanInputs in, Course course) {
        SequenceChecks.ssdScan(parameters, in, course);
        return SsdKernels.scan(runtime, parameters, CudaScanInputs.of(in), Along.of(runtime, course));
    }

    @Override
    public Stateful selectiveScan(SelectiveParameters parameters, ScanInputs in, Course course) {
        SequenceChecks.selectiveScan(parameters, in, course);
        return SelectiveScanKernels.scan(runtime, parameters, CudaScanInputs.of(in), Along.of(runtime, course));
    }

    @Override
    public Tensor attention(AttentionInputs in) {
        SequenceChecks.attention(in);
        return AttentionKernels.run(runtime, in);
    }

    @Override
    public CudaTensor rotate(Columns x, int[] positions, double[] frequencies) {
        LanguageShapes.rotate(x, positions);
        return RowKernels.rotate(runtime, CudaColumns.of(x), positions, frequencies);
    }

    @Override
    public CudaTensor append(Tensor past, Segments pastSegments, int[] parents, Columns x, Segments segments) {
        LanguageShapes.append(past, pastSegments, parents, x, segments);
        return RowKernels.append(runtime, CudaTensor.of(past), pastSegments, parents, CudaColumns.of(x), segments);
    }

    @Override
    public CudaTensor rows(Tensor x, int[] rows) {
        CudaTensor from = CudaTensor.of(x);
        CudaTensor out = runtime.allocate(from.dtype(), rows.length, x.columns());
        RowKernels.gather(runtime, from, runtime.ints(rows), out);
        return out;
    }

    @Override
    public TokenScores score(Tensor hidden, int[] rows, int[] targets, Matrix head, @Nullable Tensor bias) {
        LanguageShapes.score(hidden, rows, targets, head);
        return new ScoreKernels(runtime, products)
                .score(CudaTensor.of(hidden), rows, targets, CudaMatrix.of(head).tensor(), CudaTensor.orNull(bias));
    }
}
