package dev.coppice.worker.compute;

import org.jspecify.annotations.Nullable;

/**
 * Checks of the operands of {@link LanguageOps}, for all backends, before anything is computed: a kernel would read past their
 * ends. A wrong one is an {@link IllegalArgumentException}; letters are those of the operations.
 */
public final class LanguageShapes {

    private LanguageShapes() {}

    /** Operands of {@link LanguageOps#matrix}. */
    public static void matrix(HostArray weight) {
        DType dtype = weight.dtype();
        if (dtype != DType.FLOAT32 && dtype != DType.FLOAT16 && dtype != DType.BFLOAT16) {
            throw new IllegalArgumentException("a weight of " + dtype + "; float32, float16 and bfloat16 can be used");
        }
        if (weight.shape().length != 2) {
            throw new IllegalArgumentException("a weight matrix has two axes, not " + weight.shape().length);
        }
    }

    /** Operands of {@link LanguageOps#linear}. */
    public static void linear(Tensor x, Matrix weight, @Nullable Tensor bias) {
        Shapes.columns("x", x.columns(), weight.inputs());
        if (bias != null) {
            Shapes.check("bias", bias.shape(), weight.outputs());
        }
    }

    /** Operands of {@link LanguageOps#rmsNorm}. */
    public static void rmsNorm(Tensor x, Tensor scale) {
        Shapes.check("scale", scale.shape(), x.columns());
    }

    /** Operands of {@link LanguageOps#gatedRmsNorm}. */
    public static void gatedRmsNorm(Columns x, Columns gate, Tensor scale, int groups) {
        Shapes.check("scale", scale.shape(), x.count());
        Shapes.columns("gate", gate.count(), x.count());
        if (groups < 1 || x.count() % groups != 0) {
            throw new IllegalArgumentException(
                    x.count() + " channels cannot be divided into " + groups + " equal groups");
        }
    }

    /** Operands of {@link LanguageOps#siluGate}. */
    public static void siluGate(Columns x, Columns gate, @Nullable Tensor bias) {
        Shapes.columns("gate", gate.count(), x.count());
        if (bias != null) {
            Shapes.check("bias", bias.shape(), x.count());
        }
    }

    /** Operands of {@link LanguageOps#causalConv}. */
    public static void causalConv(Columns x, ConvFilter filter, Course course) {
        Shapes.rows("x", x.rows(), course.segments());
        Shapes.check("weight", filter.weight().shape(), x.count(), filter.width());
        Tensor bias = filter.bias();
        if (bias != null) {
            Shapes.check("bias", bias.shape(), x.count());
        }
        Shapes.start(course.start(), course.segments(), x.count(), filter.width());
    }

    /** Operands of {@link LanguageOps#ssdScan}. */
    public static void ssdScan(SsdParameters parameters, ScanInputs in, Course course) {
        int states = parameters.states();
        rows(in, course.segments());
        Shapes.columns("x", in.x().count(), parameters.xHeads() * parameters.headWidth());
        Shapes.columns("b", in.b().count(), parameters.bGroups() * states);
        Shapes.columns("c", in.c().count(), parameters.cGroups() * states);
        Shapes.columns("dt", in.dt().count(), parameters.heads());
        Shapes.start(course.start(), course.segments(), parameters.heads(), parameters.headWidth(), states);
        if (parameters.step() == SsdStep.CONTINUOUS && parameters.a() == null) {
            throw new IllegalArgumentException("continuous steps need A");
        }
    }

    /** Operands of {@link LanguageOps#selectiveScan}. */
    public static void selectiveScan(SelectiveParameters parameters, ScanInputs in, Course course) {
        int channels = in.x().count();
        int states = parameters.states();
        rows(in, course.segments());
        Shapes.check("A", parameters.a().shape(), channels, states);
        Shapes.check("D", parameters.d().shape(), channels);
        Tensor dtBias = parameters.dtBias();
        if (dtBias != null) {
            Shapes.check("dt bias", dtBias.shape(), channels);
        }
        Shapes.columns("dt", in.dt().count(), channels);
        Shapes.columns("b", in.b().count(), states);
        Shapes.columns("c", in.c().count(), states);
        Shapes.start(course.start(), course.segments(), channels, states);
    }

    private static void rows(ScanInputs in, Segments segments) {
        Shapes.rows("x", in.x().rows(), segments);
        Shapes.rows("b", in.b().rows(), segments);
        Shapes.rows("c", in.c().rows(), segments);
        Shapes.rows("dt", in.dt().rows(), segments);
    }

    /** Operands of {@link LanguageOps#rotate}. */
    public static void rotate(Columns x, int[] positions) {
        Shapes.check("positions", new int[] {positions.length}, Math.toIntExact(x.rows()));
    }

    /** Operands of {@link LanguageOps#attention}. */
    public static void attention(AttentionInputs in) {
        Segments segments = in.segments();
        Segments keySegments = in.keySegments();
        int columns = in.query().count();
        Shapes.rows("query", in.query().rows(), segments);
        if (in.heads() < 1 || in.kvHeads() < 1 || in.heads() % in.kvHeads() != 0 || columns % in.heads() != 0) {
            throw new IllegalArgumentException(columns + " columns of queries cannot be " + in.heads()
                    + " heads that share " + in.kvHeads() + " heads of keys");
        }
        Shapes.check("keys", in.keys().shape(), keySegments.rows(), in.width() * in.kvHeads());
        Shapes.check("values", in.values().shape(), in.keys().shape());
        Shapes.check("key segments", new int[] {keySegments.count()}, segments.count());
        for (int s = 0; s < segments.count(); s++) {
            if (keySegments.length(s) < segments.length(s)) {
                throw new IllegalArgumentException("sequence " + s + " has " + segments.length(s) + " queries and only "
                        + keySegments.length(s) + " keys");
            }
        }
    }

    /** Operands of {@link LanguageOps#append}. */
    public static void append(Tensor past, Segments pastSegments, int[] parents, Columns x, Segments segments) {
        Shapes.rows("x", x.rows(), segments);
        Shapes.check("past", past.shape(), pastSegments.rows(), x.count());
        Shapes.check("parents", new int[] {parents.length}, segments.count());
    }

    /** Operands of {@link LanguageOps#score}. */
    public static void score(Tensor hidden, int[] rows, int[] targets, Matrix head) {
        Shapes.columns("hidden", hidden.columns(), head.inputs());
        Shapes.check("targets", new int[] {targets.length}, rows.length);
        for (int i = 0; i < targets.length; i++) {
            if (targets[i] < 0 || targets[i] >= head.outputs()) {
                throw new IllegalArgumentException("target " + targets[i] + " of scored row " + i
                        + " is outside the vocabulary of " + head.outputs());
            }
        }
    }
}
