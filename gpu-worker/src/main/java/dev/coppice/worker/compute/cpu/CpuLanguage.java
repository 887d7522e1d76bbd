package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.LanguageOps;
import dev.coppice.worker.compute.Matrix;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.Shapes;
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
        Shapes.columns("x", x.columns(), weight.inputs());
        if (bias != null) {
            Shapes.check("bias", bias.shape(), weight.outputs());
        }
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
        Shapes.check("scale", scale.shape(), x.columns());
        CpuTensor out = compute.allocate(x.shape().clone());
        GateKernels.rmsNorm(CpuTensor.of(x), CpuTensor.of(scale), epsilon, out, compute::spread);
        return out;
    }

    @Override
    public Tensor gatedRmsNorm(Columns x, Columns gate, Tensor scale, int groups, double epsilon) {
        Shapes.check("scale", scale.shape(), x.count());
        Shapes.columns("gate", gate.count(), x.count());
        if (groups < 1 || x.count() % groups != 0) {
            throw new IllegalArgumentException(
                    x.count() + " channels cannot be divided into " + groups + " equal groups");
        }
        CpuTensor out = compute.allocate(Math.toIntExact(x.rows()), x.count());
        GateKernels.gatedRmsNorm(
                CpuColumns.of(x), CpuColumns.of(gate), CpuTensor.of(scale), groups, epsilon, out, compute::spread);
        return out;
    }

    @Override
    public Tensor siluGate(Columns x, Columns gate, @Nullable Tensor bias) {
        Shapes.columns("gate", gate.count(), x.count());
        if (bias != null) {
            Shapes.check("bias", bias.shape(), x.count());
        }
        CpuTensor out = compute.allocate(Math.toIntExact(x.rows()), x.count());
        GateKernels.siluGate(CpuColumns.of(x), CpuColumns.of(gate), own(bias), out, compute::spread);
        return out;
    }

    @Override
    public Stateful causalConv(
            Columns x,
            Tensor weight,
            @Nullable Tensor bias,
            ConvActivation activation,
            Segments segments,
            @Nullable Start start,
            Carry carry) {
        Shapes.rows("x", x.rows(), segments);
        int width = weight.columns();
        Shapes.check("weight", weight.shape(), x.count(), width);
        Shapes.start(start, segments, x.count(), width);
        CpuTensor out = compute.allocate(segments.rows(), x.count());
        CpuTensor window = compute.allocate(carried(segments, carry), x.count(), width);
        new ConvKernel(CpuTensor.of(weight), own(bias), activation)
                .run(CpuColumns.of(x), segments, states(start), parents(start), out, window, compute::spread);
        return new Stateful(out, window);
    }

    @Override
    public Stateful ssdScan(
            SsdParameters parameters,
            Columns x,
            Columns b,
            Columns c,
            Columns dt,
            Segments segments,
            @Nullable Start start,
            Carry carry) {
        int heads = parameters.heads();
        int width = parameters.headWidth();
        int states = parameters.states();
        Shapes.rows("x", x.rows(), segments);
        Shapes.columns("x", x.count(), parameters.xHeads() * width);
        Shapes.columns("b", b.count(), parameters.bGroups() * states);
        Shapes.columns("c", c.count(), parameters.cGroups() * states);
        Shapes.columns("dt", dt.count(), heads);
        Shapes.start(start, segments, heads, width, states);
        CpuTensor y = compute.allocate(segments.rows(), heads * width);
        CpuTensor state = compute.allocate(carried(segments, carry), heads, width, states);
        SsdKernel.Operands operands = new SsdKernel.Operands(
                CpuColumns.of(x),
                CpuColumns.of(b),
                CpuColumns.of(c),
                CpuColumns.of(dt),
                segments,
                states(start),
                parents(start),
                carry);
        new SsdKernel(parameters, chunk).run(operands, y, state, compute::spread);
        return new Stateful(y, state);
    }

    @Override
    public Stateful selectiveScan(
            Tensor a,
            Tensor d,
            @Nullable Tensor dtBias,
            Columns x,
            Columns dt,
            Columns b,
            Columns c,
            Segments segments,
            @Nullable Start start,
            Carry carry) {
        int states = a.columns();
        Shapes.rows("x", x.rows(), segments);
        Shapes.check("A", a.shape(), x.count(), states);
        Shapes.check("D", d.shape(), x.count());
        Shapes.columns("dt", dt.count(), x.count());
        Shapes.columns("b", b.count(), states);
        Shapes.columns("c", c.count(), states);
        Shapes.start(start, segments, x.count(), states);
        CpuTensor y = compute.allocate(segments.rows(), x.count());
        CpuTensor state = compute.allocate(carried(segments, carry), x.count(), states);
        SelectiveScanKernel.Operands operands = new SelectiveScanKernel.Operands(
                CpuColumns.of(x),
                CpuColumns.of(dt),
                CpuColumns.of(b),
                CpuColumns.of(c),
                segments,
                states(start),
                parents(start),
                carry);
        new SelectiveScanKernel(CpuTensor.of(a), CpuTensor.of(d), own(dtBias)).run(operands, y, state, compute::spread);
        return new Stateful(y, state);
    }

    @Override
    public Tensor rotate(Columns x, int[] positions, double[] frequencies) {
        Shapes.check("positions", new int[] {positions.length}, Math.toIntExact(x.rows()));
        CpuTensor out = compute.allocate(positions.length, x.count());
        AttentionKernel.rotate(CpuColumns.of(x), positions, frequencies, out, compute::spread);
        return out;
    }

    @Override
    public Tensor attention(
            Columns query,
            Tensor keys,
            Tensor values,
            int heads,
            int kvHeads,
            Segments segments,
            Segments keySegments) {
        Shapes.rows("query", query.rows(), segments);
        Shapes.check("keys", keys.shape(), keySegments.rows(), query.count() / heads * kvHeads);
        Shapes.check("values", values.shape(), keys.shape());
        CpuTensor out = compute.allocate(segments.rows(), query.count());
        AttentionKernel.Operands operands = new AttentionKernel.Operands(
                CpuColumns.of(query), CpuTensor.of(keys), CpuTensor.of(values), heads, kvHeads, segments, keySegments);
        AttentionKernel.attention(operands, out, compute::spread);
        return out;
    }

    @Override
    public Tensor append(Tensor past, Segments pastSegments, int[] parents, Columns x, Segments segments) {
        Shapes.rows("x", x.rows(), segments);
        Shapes.check("past", past.shape(), pastSegments.rows(), x.count());
        Shapes.check("parents", new int[] {parents.length}, segments.count());
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
        Shapes.columns("hidden", hidden.columns(), head.inputs());
        Shapes.check("targets", new int[] {targets.length}, rows.length);
        for (int i = 0; i < targets.length; i++) {
            if (targets[i] < 0 || targets[i] >= head.outputs()) {
                throw new IllegalArgumentException("target " + targets[i] + " of scored row " + i
                        + " is outside the vocabulary of " + head.outputs());
            }
        }
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

    private static @Nullable CpuTensor states(@Nullable Start start) {
        return start == null ? null : CpuTensor.of(start.states());
    }

    private static int[] parents(@Nullable Start start) {
        return start == null ? new int[0] : start.parents();
    }

    private static int carried(Segments segments, Carry carry) {
        return carry == Carry.STATES ? segments.count() : 0;
    }
}
