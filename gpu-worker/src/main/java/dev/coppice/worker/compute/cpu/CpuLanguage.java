package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.AttentionInputs;
import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.ConvFilter;
import dev.coppice.worker.compute.Course;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.LanguageOps;
import dev.coppice.worker.compute.LanguageShapes;
import dev.coppice.worker.compute.Matrix;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.ScanInputs;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.SelectiveParameters;
import dev.coppice.worker.compute.SsdParameters;
import dev.coppice.worker.compute.Start;
import dev.coppice.worker.compute.Stateful;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.TokenScores;
import org.jspecify.annotations.Nullable;

/** The operations of language models: shapes are checked and results allocated here, kernels do the work. */
final class CpuLanguage implements LanguageOps {

    /** Rows among which widening a weight is a small part of multiplying by it. */
    private static final int PREFERRED_ROWS = 2048;

    private final CpuCompute compute;
    private final int chunk;

    /** Operations of {@code compute}, with Mamba-2's scan in chunks of {@code chunk} steps. */
    CpuLanguage(CpuCompute compute, int chunk) {
        this.compute = compute;
        this.chunk = chunk;
    }

    @Override
    public int preferredRows() {
        return PREFERRED_ROWS;
    }

    @Override
    public Matrix matrix(HostArray weight) {
        return CpuMatrix.of(weight, compute.precision(), compute.arena());
    }

    @Override
    public Tensor linear(Tensor x, Matrix weight, @Nullable Tensor bias) {
        LanguageShapes.linear(x, weight, bias);
        CpuTensor out = compute.allocate(Math.toIntExact(x.rows()), weight.outputs());
        try (Scope scope = compute.scope()) {
            MatrixKernel.linear(operands(x), CpuMatrix.of(weight), own(bias), out, compute::spread);
        }
        return out;
    }

    @Override
    public Tensor embedding(int[] ids, Matrix table) {
        CpuTensor out = compute.allocate(ids.length, table.inputs());
        PackedRows.embedding(ids, CpuMatrix.of(table), out, compute::spread);
        return out;
    }

    @Override
    public Tensor rmsNorm(Tensor x, Tensor scale, double epsilon) {
        LanguageShapes.rmsNorm(x, scale);
        CpuTensor out = compute.allocate(x.shape().clone());
        GateKernels.rmsNorm(CpuTensor.of(x), CpuTensor.of(scale), epsilon, out, compute::spread);
        return out;
    }

    @Override
    public Tensor gatedRmsNorm(Columns x, Columns gate, Tensor scale, int groups, double epsilon) {
        LanguageShapes.gatedRmsNorm(x, gate, scale, groups);
        CpuTensor out = compute.allocate(Math.toIntExact(x.rows()), x.count());
        GateKernels.gatedRmsNorm(
                CpuColumns.of(x), CpuColumns.of(gate), CpuTensor.of(scale), groups, epsilon, out, compute::spread);
        return out;
    }

    @Override
    public Tensor siluGate(Columns x, Columns gate, @Nullable Tensor bias) {
        LanguageShapes.siluGate(x, gate, bias);
        CpuTensor out = compute.allocate(Math.toIntExact(x.rows()), x.count());
        GateKernels.siluGate(CpuColumns.of(x), CpuColumns.of(gate), own(bias), out, compute::spread);
        return out;
    }

    @Override
    public Stateful causalConv(Columns x, ConvFilter filter, Course course) {
        LanguageShapes.causalConv(x, filter, course);
        Segments segments = course.segments();
        Start start = course.start();
        CpuTensor out = compute.allocate(segments.rows(), x.count());
        CpuTensor window = compute.allocate(course.carry().count(segments), x.count(), filter.width());
        new ConvKernel(CpuTensor.of(filter.weight()), own(filter.bias()), filter.activation())
                .run(
                        CpuColumns.of(x),
                        segments,
                        start == null ? null : CpuTensor.of(start.states()),
                        start == null ? new int[0] : start.parents(),
                        out,
                        window,
                        compute::spread);
        return new Stateful(out, window);
    }

    @Override
    public Stateful ssdScan(SsdParameters parameters, ScanInputs in, Course course) {
        LanguageShapes.ssdScan(parameters, in, course);
        int heads = parameters.heads();
        int width = parameters.headWidth();
        CpuTensor y = compute.allocate(course.segments().rows(), heads * width);
        CpuTensor state = compute.allocate(course.carry().count(course.segments()), heads, width, parameters.states());
        new SsdKernel(parameters, chunk).run(CpuScanInputs.of(in, course), y, state, compute::spread);
        return new Stateful(y, state);
    }

    @Override
    public Stateful selectiveScan(SelectiveParameters parameters, ScanInputs in, Course course) {
        LanguageShapes.selectiveScan(parameters, in, course);
        int channels = in.x().count();
        CpuTensor y = compute.allocate(course.segments().rows(), channels);
        CpuTensor state = compute.allocate(course.carry().count(course.segments()), channels, parameters.states());
        new SelectiveScanKernel(CpuTensor.of(parameters.a()), CpuTensor.of(parameters.d()), own(parameters.dtBias()))
                .run(CpuScanInputs.of(in, course), y, state, compute::spread);
        return new Stateful(y, state);
    }

    @Override
    public Tensor rotate(Columns x, int[] positions, double[] frequencies) {
        LanguageShapes.rotate(x, positions);
        CpuTensor out = compute.allocate(positions.length, x.count());
        AttentionKernel.rotate(CpuColumns.of(x), positions, frequencies, out, compute::spread);
        return out;
    }

    @Override
    public Tensor attention(AttentionInputs in) {
        LanguageShapes.attention(in);
        CpuTensor out = compute.allocate(in.segments().rows(), in.query().count());
        AttentionKernel.attention(AttentionKernel.Operands.of(in), out, compute::spread);
        return out;
    }

    @Override
    public Tensor append(Tensor past, Segments pastSegments, int[] parents, Columns x, Segments segments) {
        LanguageShapes.append(past, pastSegments, parents, x, segments);
        int rows = segments.rows();
        for (int parent : parents) {
            rows = Math.addExact(rows, pastSegments.length(parent));
        }
        CpuTensor out = compute.allocate(rows, x.count());
        PackedRows.append(CpuTensor.of(past), pastSegments, parents, CpuColumns.of(x), segments, out);
        return out;
    }

    @Override
    public Tensor rows(Tensor x, int[] rows) {
        CpuTensor out = compute.allocate(rows.length, x.columns());
        PackedRows.gather(CpuTensor.of(x), rows, 0, rows.length, out);
        return out;
    }

    @Override
    public TokenScores score(Tensor hidden, int[] rows, int[] targets, Matrix head, @Nullable Tensor bias) {
        LanguageShapes.score(hidden, rows, targets, head);
        return new TokenScoreKernel(CpuTensor.of(hidden), rows, targets, CpuMatrix.of(head), own(bias))
                .run(compute::spread);
    }

    /** x as it goes into products: itself in float32, else a rounded copy. */
    private CpuTensor operands(Tensor x) {
        CpuTensor own = CpuTensor.of(x);
        if (compute.precision() == Precision.FLOAT32) {
            return own;
        }
        CpuTensor rounded = compute.allocate(x.shape().clone());
        MatrixKernel.round(own, compute.precision(), rounded, compute::spread);
        return rounded;
    }

    private static @Nullable CpuTensor own(@Nullable Tensor tensor) {
        return tensor == null ? null : CpuTensor.of(tensor);
    }
}
