package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.Shapes;
import dev.coppice.worker.compute.SsdParameters;
import dev.coppice.worker.compute.SsdStep;
import dev.coppice.worker.compute.Start;
import dev.coppice.worker.compute.Tensor;
import org.jspecify.annotations.Nullable;

/** Checks of the operands of the operations along sequences, before anything is queued: a kernel would read past their ends. */
final class SequenceChecks {

    /** Most states that the kernels of Mamba-2 keep. */
    static final int MOST_SSD_STATES = 256;

    /** Most states that the kernel of Mamba-1 keeps. */
    static final int MOST_SELECTIVE_STATES = 128;

    private SequenceChecks() {}

    static void causalConv(Columns x, Tensor weight, @Nullable Tensor bias, Segments segments, @Nullable Start start) {
        Shapes.rows("x", x.rows(), segments);
        Shapes.check("weight", weight.shape(), x.count(), weight.columns());
        parameter("weight", weight);
        if (bias != null) {
            Shapes.check("bias", bias.shape(), x.count());
            parameter("bias", bias);
        }
        start(start, segments, x.count(), weight.columns());
    }

    static void ssdScan(
            SsdParameters parameters,
            Columns x,
            Columns b,
            Columns c,
            Columns dt,
            Segments segments,
            @Nullable Start start) {
        int width = parameters.headWidth();
        int states = parameters.states();
        rows(segments, x, b, c, dt);
        Shapes.columns("x", x.count(), parameters.xHeads() * width);
        Shapes.columns("b", b.count(), parameters.bGroups() * states);
        Shapes.columns("c", c.count(), parameters.cGroups() * states);
        Shapes.columns("dt", dt.count(), parameters.heads());
        start(start, segments, parameters.heads(), width, states);
        alike(x, b, c, dt);
        atMost("Mamba-2", states, MOST_SSD_STATES);
        if (parameters.step() == SsdStep.CONTINUOUS && parameters.a() == null) {
            throw new IllegalArgumentException("continuous steps need A");
        }
    }

    static void selectiveScan(
            Tensor a,
            Tensor d,
            @Nullable Tensor dtBias,
            Columns x,
            Columns dt,
            Columns b,
            Columns c,
            Segments segments,
            @Nullable Start start) {
        int states = a.columns();
        rows(segments, x, dt, b, c);
        Shapes.check("A", a.shape(), x.count(), states);
        parameter("A", a);
        Shapes.check("D", d.shape(), x.count());
        parameter("D", d);
        if (dtBias != null) {
            Shapes.check("dt bias", dtBias.shape(), x.count());
            parameter("dt bias", dtBias);
        }
        Shapes.columns("dt", dt.count(), x.count());
        Shapes.columns("b", b.count(), states);
        Shapes.columns("c", c.count(), states);
        start(start, segments, x.count(), states);
        alike(x, dt, b, c);
        atMost("Mamba-1", states, MOST_SELECTIVE_STATES);
    }

    static void attention(
            Columns query,
            Tensor keys,
            Tensor values,
            int heads,
            int kvHeads,
            Segments segments,
            Segments keySegments) {
        Shapes.rows("query", query.rows(), segments);
        if (heads < 1 || kvHeads < 1 || heads % kvHeads != 0 || query.count() % heads != 0) {
            throw new IllegalArgumentException(query.count() + " columns of queries cannot be " + heads
                    + " heads that share " + kvHeads + " heads of keys");
        }
        Shapes.check("keys", keys.shape(), keySegments.rows(), query.count() / heads * kvHeads);
        Shapes.check("values", values.shape(), keys.shape());
        Shapes.check("key segments", new int[] {keySegments.count()}, segments.count());
        for (int s = 0; s < segments.count(); s++) {
            if (keySegments.length(s) < segments.length(s)) {
                throw new IllegalArgumentException("sequence " + s + " has " + segments.length(s) + " queries and only "
                        + keySegments.length(s) + " keys");
            }
        }
        alike(query, Columns.all(keys), Columns.all(values));
    }

    private static void rows(Segments segments, Columns... operands) {
        for (Columns operand : operands) {
            Shapes.rows("an operand", operand.rows(), segments);
        }
    }

    private static void start(@Nullable Start start, Segments segments, int... perSequence) {
        Shapes.start(start, segments, perSequence);
        if (start != null) {
            parameter("a start state", start.states());
        }
    }

    private static void parameter(String name, Tensor tensor) {
        DType type = CudaTensor.of(tensor).dtype();
        if (type != DType.FLOAT32) {
            throw new IllegalArgumentException(name + " is " + type + "; kernels read it in FLOAT32");
        }
    }

    /** A kernel is compiled for one type of elements. */
    private static void alike(Columns first, Columns... others) {
        DType type = CudaTensor.of(first.tensor()).dtype();
        for (Columns other : others) {
            DType found = CudaTensor.of(other.tensor()).dtype();
            if (found != type) {
                throw new IllegalArgumentException("operands of " + type + " and of " + found + " in one operation");
            }
        }
    }

    private static void atMost(String model, int states, int most) {
        if (states > most) {
            throw new IllegalArgumentException(
                    model + "'s kernels keep at most " + most + " states, not " + states + "; use the cpu backend");
        }
    }
}
