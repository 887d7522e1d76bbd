package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.AttentionInputs;
import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.LanguageShapes;
import dev.coppice.worker.compute.Matrix;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.Shapes;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.TokenScores;
import dev.coppice.worker.compute.nd4j.Ops.Transposed;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The operations of language models. */
final class Nd4jLanguage extends SequenceOps {

    private static final int PREFERRED_ROWS = 2048;

    private final Ops ops;

    Nd4jLanguage(Ops ops) {
        super(ops);
        this.ops = ops;
    }

    @Override
    public int preferredRows() {
        return PREFERRED_ROWS;
    }

    @Override
    public Matrix matrix(HostArray weight) {
        LanguageShapes.matrix(weight);
        DType dtype = weight.dtype();
        INDArray stored = ops.floats(weight.toFloats(), weight.shape()[0], weight.shape()[1]);
        boolean rounded = dtype == ops.precision().operands() || ops.precision().operands() == DType.FLOAT32;
        return new Nd4jMatrix(stored, rounded ? stored : ops.operand(stored));
    }

    @Override
    public Tensor linear(Tensor x, Matrix weight, @Nullable Tensor bias) {
        LanguageShapes.linear(x, weight, bias);
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
        Shapes.ids(ids, "row", table.outputs());
        return ops.into(
                ops.allocate(ids.length, table.inputs()),
                out -> out.matrix().assign(ops.pull(Nd4jMatrix.of(table).stored(), ids)));
    }

    @Override
    public Tensor rmsNorm(Tensor x, Tensor scale, double epsilon) {
        LanguageShapes.rmsNorm(x, scale);
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
        LanguageShapes.gatedRmsNorm(x, gate, scale, groups);
        return ops.into(ops.allocate(Math.toIntExact(x.rows()), x.count()), out -> {
            out.matrix().assign(ops.silu(Ops.columns(gate))).muli(Ops.columns(x));
            normalise(out.as(x.rows() * groups, x.count() / groups), epsilon);
            out.matrix().muliRowVector(Nd4jTensor.of(scale).vector());
        });
    }

    @Override
    public Tensor siluGate(Columns x, Columns gate, @Nullable Tensor bias) {
        LanguageShapes.siluGate(x, gate, bias);
        return ops.into(ops.allocate(Math.toIntExact(x.rows()), x.count()), out -> {
            INDArray shifted = Ops.columns(gate);
            if (bias != null) {
                shifted = ops.copy(shifted).addiRowVector(Nd4jTensor.of(bias).vector());
            }
            out.matrix().assign(ops.silu(shifted)).muli(Ops.columns(x));
        });
    }

    @Override
    public Tensor rotate(Columns x, int[] positions, double[] frequencies) {
        int half = frequencies.length;
        int rows = Math.toIntExact(x.rows());
        LanguageShapes.rotate(x, positions);
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
    public Tensor attention(AttentionInputs in) {
        LanguageShapes.attention(in);
        return ops.into(
                ops.allocate(in.segments().rows(), in.query().count()),
                out -> new Attention(ops, in.heads(), in.kvHeads(), in.width(), Attention.MAX_SCORES)
                        .run(
                                Ops.columns(in.query()),
                                Ops.rows(in.keys()),
                                Ops.rows(in.values()),
                                in.segments(),
                                in.keySegments(),
                                out.matrix()));
    }

    @Override
    public Tensor append(Tensor past, Segments pastSegments, int[] parents, Columns x, Segments segments) {
        LanguageShapes.append(past, pastSegments, parents, x, segments);
        int[] from = segments.after(pastSegments, parents);
        for (int i = 0; i < from.length; i++) {
            from[i] = from[i] < 0 ? pastSegments.rows() - 1 - from[i] : from[i];
        }
        return ops.into(ops.allocate(from.length, x.count()), out -> {
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
        LanguageShapes.score(hidden, rows, targets, head);
        INDArray shift = bias == null ? null : Nd4jTensor.of(bias).vector();
        TokenScoring scoring = new TokenScoring(ops, Nd4jMatrix.of(head).operand(), shift);
        return rows.length == 0
                ? new TokenScores(new float[0], new boolean[0])
                : scoring.score(Ops.rows(hidden), rows, targets);
    }
}
