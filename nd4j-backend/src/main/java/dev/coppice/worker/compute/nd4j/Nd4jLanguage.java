package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.LanguageOps;
import dev.coppice.worker.compute.Matrix;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.Shapes;
import dev.coppice.worker.compute.SsdParameters;
import dev.coppice.worker.compute.Start;
import dev.coppice.worker.compute.Stateful;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.TokenScores;
import dev.coppice.worker.compute.nd4j.Ops.Transposed;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The operations of language models. */
final class Nd4jLanguage implements LanguageOps {

    private static final int PREFERRED_ROWS = 2048;

    private final Ops ops;
    private final SequenceOps sequences;

    Nd4jLanguage(Ops ops) {
        this.ops = ops;
        sequences = new SequenceOps(ops);
    }

    @Override
    public int preferredRows() {
        return PREFERRED_ROWS;
    }

    @Override
    public Matrix matrix(HostArray weight) {
        DType dtype = weight.dtype();
        if (dtype != DType.FLOAT32 && dtype != DType.FLOAT16 && dtype != DType.BFLOAT16) {
            throw new IllegalArgumentException("a weight of " + dtype + "; float32, float16 and bfloat16 can be used");
        }
        if (weight.shape().length != 2) {
            throw new IllegalArgumentException("a weight matrix has two axes, not " + weight.shape().length);
        }
        INDArray stored = ops.floats(weight.toFloats(), weight.shape()[0], weight.shape()[1]);
        boolean rounded = dtype == ops.precision().operands() || ops.precision().operands() == DType.FLOAT32;
        return new Nd4jMatrix(stored, rounded ? stored : ops.operand(stored));
    }

    @Override
    public Tensor linear(Tensor x, Matrix weight, @Nullable Tensor bias) {
        Shapes.columns("x", x.columns(), weight.inputs());
        if (bias != null) {
            Shapes.check("bias", bias.shape(), weight.outputs());
        }
        return ops.into(ops.allocate(Math.toIntExact(x.rows()), weight.outputs()), out -> {
            INDArray rows = ops.operand(Ops.rows(x));
            Ops.multiply(rows, Nd4jMatrix.of(weight).operand(), Transposed.RIGHT, 1, 0, out.matrix());
            if (bias != null) {
                out.matrix().addiRowVector(Nd4jTensor.of(bias).vector());
            }
        });
    }

    @Override
    public Tensor embedding(int[] ids, Matrix table) {
        return ops.into(
                ops.allocate(ids.length, table.inputs()),
                out -> out.matrix().assign(ops.embedded(Nd4jMatrix.of(table).stored(), ids, "row")));
    }

    @Override
    public Tensor rmsNorm(Tensor x, Tensor scale, double epsilon) {
        Shapes.check("scale", scale.shape(), x.columns());
        return ops.into(ops.allocate(x.shape().clone()), out -> {
            normalise(out.matrix().assign(Ops.rows(x)), epsilon);
            out.matrix().muliRowVector(Nd4jTensor.of(scale).vector());
        });
    }

    /** Divides each row by the root of its mean square. */
    private void normalise(INDArray x, double epsilon) {
        INDArray squares = ops.copy(x).muli(x);
        x.diviColumnVector(Transforms.sqrt(ops.mean(squares, 1).addi(epsilon), false));
    }

    @Override
    public Tensor gatedRmsNorm(Columns x, Columns gate, Tensor scale, int groups, double epsilon) {
        Shapes.check("scale", scale.shape(), x.count());
        Shapes.columns("gate", gate.count(), x.count());
        if (groups < 1 || x.count() % groups != 0) {
            throw new IllegalArgumentException(
                    x.count() + " channels cannot be divided into " + groups + " equal groups");
        }
        return ops.into(ops.allocate(Math.toIntExact(x.rows()), x.count()), out -> {
            out.matrix().assign(ops.silu(Ops.columns(gate))).muli(Ops.columns(x));
            normalise(out.as(x.rows() * groups, x.count() / groups), epsilon);
            out.matrix().muliRowVector(Nd4jTensor.of(scale).vector());
        });
    }

    @Override
    public Tensor siluGate(Columns x, Columns gate, @Nullable Tensor bias) {
        Shapes.columns("gate", gate.count(), x.count());
        if (bias != null) {
            Shapes.check("bias", bias.shape(), x.count());
        }
        return ops.into(ops.allocate(Math.toIntExact(x.rows()), x.count()), out -> {
            INDArray shifted = Ops.columns(gate);
            if (bias != null) {
                shifted = ops.copy(shifted).addiRowVector(Nd4jTensor.of(bias).vector());
            }
            out.matrix().assign(ops.silu(shifted)).muli(Ops.columns(x));
        });
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
        return sequences.causalConv(x, weight, bias, activation, segments, start, carry);
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
        return sequences.ssdScan(parameters, x, b, c, dt, segments, start, carry);
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
        return sequences.selectiveScan(a, d, dtBias, x, dt, b, c, segments, start, carry);
    }

    @Override
    public Tensor rotate(Columns x, int[] positions, double[] frequencies) {
        int half = frequencies.length;
        int rows = Math.toIntExact(x.rows());
        Shapes.check("positions", new int[] {positions.length}, rows);
        return ops.into(ops.allocate(rows, x.count()), out -> {
            float[] cosines = new float[rows * half]; // (R, P/2)
            float[] sines = new float[rows * half]; // (R, P/2)
            for (int i = 0; i < cosines.length; i++) {
                double angle = positions[i / half] * frequencies[i % half];
                cosines[i] = (float) Math.cos(angle);
                sines[i] = (float) Math.sin(angle);
            }
            INDArray cos = ops.floats(cosines, rows, 1, half);
            INDArray sin = ops.floats(sines, rows, 1, half);
            int heads = x.count() / (2 * half);
            INDArray pairs = Ops.view(Ops.columns(x), rows, heads, 2, half);
            INDArray first = Ops.at(pairs, 2, 0);
            INDArray second = Ops.at(pairs, 2, 1);
            INDArray result = out.as(rows, heads, 2, half);
            Ops.at(result, 2, 0)
                    .assign(ops.spread(first, cos, rows, heads, half).subi(ops.spread(second, sin, rows, heads, half)));
            Ops.at(result, 2, 1)
                    .assign(ops.spread(second, cos, rows, heads, half).addi(ops.spread(first, sin, rows, heads, half)));
        });
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
        return ops.into(
                ops.allocate(segments.rows(), query.count()),
                out -> new Attention(ops, heads, kvHeads, query.count() / heads)
                        .run(
                                Ops.columns(query),
                                Ops.rows(keys),
                                Ops.rows(values),
                                segments,
                                keySegments,
                                out.matrix()));
    }

    @Override
    public Tensor append(Tensor past, Segments pastSegments, int[] parents, Columns x, Segments segments) {
        Shapes.rows("x", x.rows(), segments);
        Shapes.check("past", past.shape(), pastSegments.rows(), x.count());
        Shapes.check("parents", new int[] {parents.length}, segments.count());
        int total = segments.rows();
        for (int parent : parents) {
            total = Math.addExact(total, pastSegments.length(parent));
        }
        int[] from = new int[total];
        int next = 0;
        for (int s = 0; s < segments.count(); s++) {
            for (int t = 0; t < pastSegments.length(parents[s]); t++) {
                from[next++] = pastSegments.start(parents[s]) + t;
            }
            for (int t = 0; t < segments.length(s); t++) {
                from[next++] = pastSegments.rows() + segments.start(s) + t;
            }
        }
        return ops.into(ops.allocate(total, x.count()), out -> {
            long before = pastSegments.rows();
            INDArray all = ops.take(before + segments.rows(), x.count());
            if (before > 0) {
                Ops.part(all, 0, 0, before).assign(Ops.rows(past));
            }
            if (segments.rows() > 0) {
                Ops.part(all, 0, before, all.size(0)).assign(Ops.columns(x));
            }
            out.matrix().assign(ops.pull(all, from));
        });
    }

    @Override
    public Tensor rows(Tensor x, int[] rows) {
        return ops.into(
                ops.allocate(rows.length, x.columns()), out -> out.matrix().assign(ops.pull(Ops.rows(x), rows)));
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
        INDArray shift = bias == null ? null : Nd4jTensor.of(bias).vector();
        TokenScoring scoring = new TokenScoring(ops, Nd4jMatrix.of(head).operand(), shift);
        return rows.length == 0
                ? new TokenScores(new float[0], new boolean[0])
                : scoring.score(Ops.rows(hidden), rows, targets);
    }
}
