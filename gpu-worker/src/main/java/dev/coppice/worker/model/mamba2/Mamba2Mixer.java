package dev.coppice.worker.model.mamba2;

import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.ConvFilter;
import dev.coppice.worker.compute.ScanInputs;
import dev.coppice.worker.compute.SsdParameters;
import dev.coppice.worker.compute.SsdStep;
import dev.coppice.worker.compute.Stateful;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.language.Flow;
import dev.coppice.worker.model.language.Mixer;
import dev.coppice.worker.model.language.ModelTensors;
import dev.coppice.worker.model.language.Projection;
import dev.coppice.worker.model.mamba2.Mamba2Shape.OutProjection;
import dev.coppice.worker.model.mamba2.Mamba2Shape.Part;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Mamba-2's mixer (Dao and Gu 2024) in its published variants: projection, convolution, recurrence, gate, projection.
 *
 * @param inProj (projected, D)
 * @param convWeight (C, K)
 * @param convBias (C) or null
 * @param aLog (H); null for the discrete variant
 * @param dtBias (H); null for the discrete variant
 * @param d (H)
 * @param norm scale of the gated norm, (inner); null where there is none
 * @param gateBias (inner) or null
 * @param outProj (D, inner)
 * @param outBias (D) or null
 */
public record Mamba2Mixer(
        Mamba2Shape shape,
        Projection inProj,
        float[] convWeight,
        float @Nullable [] convBias,
        float @Nullable [] aLog,
        float @Nullable [] dtBias,
        float[] d,
        float @Nullable [] norm,
        float @Nullable [] gateBias,
        Projection outProj,
        float @Nullable [] outBias)
        implements Mixer {

    /** Behind the name of in_proj: what observers call its output, (R, projected). */
    public static final String PROJECTED = ":output";

    /** Behind the prefix: what observers call x, B and C after the convolution, (R, C). */
    public static final String CONVOLVED = "conv1d:output";

    private static final String IN = "in_proj.weight";

    /** Reads a mixer whose tensors' names begin with {@code prefix}. */
    public static Mamba2Mixer read(ModelTensors tensors, String prefix, Mamba2Shape shape) {
        boolean continuous = shape.step() == SsdStep.CONTINUOUS;
        String bias = prefix + "conv1d.bias";
        String gate = prefix + "z_bias";
        return new Mamba2Mixer(
                shape,
                tensors.projection(prefix + IN, MatrixRole.MIXER_IN, shape.projected(), shape.width()),
                tensors.vector(prefix + "conv1d.weight", shape.convolved(), 1, shape.convWidth()),
                tensors.has(bias) ? tensors.vector(bias, shape.convolved()) : null,
                continuous ? tensors.vector(prefix + "A_log", shape.heads()) : null,
                continuous ? tensors.vector(prefix + "dt_bias", shape.heads()) : null,
                tensors.vector(prefix + "D", shape.heads()),
                shape.normGroups() > 0 ? tensors.vector(prefix + "norm.weight", shape.inner()) : null,
                tensors.has(gate) ? tensors.vector(gate, shape.inner()) : null,
                tensors.projection(prefix + "out_proj.weight", MatrixRole.MIXER_OUT, shape.width(), shape.inner()),
                shape.outProjection() == OutProjection.BIASED
                        ? tensors.vector(prefix + "out_proj.bias", shape.width())
                        : null);
    }

    /** What the names of its tensors begin with. */
    public String prefix() {
        return inProj.name().substring(0, inProj.name().length() - IN.length());
    }

    @Override
    public long parameters() {
        return inProj.elements()
                + convWeight.length
                + length(convBias)
                + length(aLog)
                + length(dtBias)
                + d.length
                + length(norm)
                + length(gateBias)
                + outProj.elements()
                + length(outBias);
    }

    private static int length(float @Nullable [] values) {
        return values == null ? 0 : values.length;
    }

    /** The recurrence's states and the convolution's window. */
    @Override
    public long stateSize() {
        return (long) shape.inner() * shape.states() + (long) shape.convolved() * shape.convWidth();
    }

    @Override
    public List<Projection> projections() {
        return List.of(inProj, outProj);
    }

    @Override
    public long cacheSize() {
        return 0;
    }

    private float @Nullable [] decayRates() {
        if (aLog == null) {
            return null;
        }
        float[] a = new float[aLog.length];
        for (int h = 0; h < a.length; h++) {
            a[h] = (float) -StrictMath.exp(aLog[h]);
        }
        return a;
    }

    @Override
    public Mixer.Loaded on(Compute compute) {
        return new OnDevice(compute);
    }

    private final class OnDevice implements Mixer.Loaded {

        private final Compute compute;
        private final Projection.Loaded in;
        private final Projection.Loaded out;
        private final ConvFilter filter;
        private final @Nullable Tensor scale;
        private final @Nullable Tensor bias;
        private final @Nullable Tensor shift;
        private final SsdParameters recurrence;

        OnDevice(Compute compute) {
            this.compute = compute;
            in = inProj.on(compute);
            out = outProj.on(compute);
            filter = new ConvFilter(
                    compute.tensor(convWeight, shape.convolved(), shape.convWidth()),
                    tensor(convBias),
                    shape.activation());
            scale = tensor(norm);
            bias = tensor(gateBias);
            shift = tensor(outBias);
            recurrence = new SsdParameters(
                    shape.heads(),
                    shape.xHeads(),
                    shape.bGroups(),
                    shape.cGroups(),
                    shape.headWidth(),
                    shape.states(),
                    shape.step(),
                    decayRates(),
                    dtBias,
                    shape.dtMin(),
                    shape.dtMax(),
                    d);
        }

        private @Nullable Tensor tensor(float @Nullable [] values) {
            return values == null ? null : compute.tensor(values, values.length);
        }

        @Override
        public Mixer.Mixed run(Tensor x, Flow flow, Map<String, Tensor> before) {
            Tensor projected = in.apply(x, null, flow);
            flow.observer().see(inProj.name() + PROJECTED, compute, projected);
            Stateful convolved = compute.language()
                    .causalConv(
                            new Columns(projected, shape.from(Part.X), shape.convolved()),
                            filter,
                            flow.course(before, "conv"));
            flow.observer().see(prefix() + CONVOLVED, compute, convolved.output());
            int b = shape.rows(Part.X);
            int c = b + shape.rows(Part.B);
            Stateful scanned = compute.language()
                    .ssdScan(
                            recurrence,
                            new ScanInputs(
                                    new Columns(convolved.output(), 0, b),
                                    part(projected, Part.DT),
                                    new Columns(convolved.output(), b, shape.rows(Part.B)),
                                    new Columns(convolved.output(), c, shape.rows(Part.C))),
                            flow.course(before, "ssm"));
            Columns y = Columns.all(scanned.output());
            Columns gate = part(projected, Part.Z);
            Tensor gated = scale == null
                    ? compute.language().siluGate(y, gate, bias)
                    : compute.language().gatedRmsNorm(y, gate, scale, shape.normGroups(), shape.epsilon());
            return new Mixer.Mixed(
                    out.apply(gated, shift, flow),
                    flow.carry() == Carry.NOTHING
                            ? Map.of()
                            : Map.of("conv", convolved.state(), "ssm", scanned.state()));
        }

        private Columns part(Tensor projected, Part part) {
            return new Columns(projected, shape.from(part), shape.rows(part));
        }
    }
}
