package dev.coppice.worker.model.mamba1;

import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.ConvFilter;
import dev.coppice.worker.compute.Matrix;
import dev.coppice.worker.compute.ScanInputs;
import dev.coppice.worker.compute.SelectiveParameters;
import dev.coppice.worker.compute.Stateful;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.language.Mixer;
import dev.coppice.worker.model.language.ModelTensors;
import dev.coppice.worker.model.language.Projection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Mamba-1's mixer (Gu and Dao 2023).
 *
 * @param inProj rows x, then z: (2C, D)
 * @param convWeight (C, K)
 * @param convBias (C) or null
 * @param xProj rows dt, B, C: (R + 2N, C)
 * @param dtProj (C, R)
 * @param dtBias (C), inside the softplus
 * @param aLog (C, N)
 * @param d (C)
 * @param outProj (D, C)
 */
public record Mamba1Mixer(
        Mamba1Shape shape,
        Projection inProj,
        float[] convWeight,
        float @Nullable [] convBias,
        Projection xProj,
        Projection dtProj,
        float[] dtBias,
        float[] aLog,
        float[] d,
        Projection outProj)
        implements Mixer {

    /**
     * Behind the names of x_proj and dt_proj: what observers call their outputs, B and C (R, 2N) of the one, dt (R, C) before bias and softplus of the
     * other.
     */
    public static final String OUTPUT = ":output";

    private static final String IN = "in_proj.weight";

    /** Reads a mixer whose tensors' names begin with {@code prefix}. */
    static Mamba1Mixer read(ModelTensors tensors, String prefix, Mamba1Shape shape) {
        String bias = prefix + "conv1d.bias";
        int inner = shape.inner();
        int states = shape.states();
        int rank = shape.rank();
        return new Mamba1Mixer(
                shape,
                tensors.projection(prefix + IN, MatrixRole.MIXER_IN, 2 * inner, shape.width()),
                tensors.vector(prefix + "conv1d.weight", inner, 1, shape.convWidth()),
                tensors.has(bias) ? tensors.vector(bias, inner) : null,
                tensors.projection(prefix + "x_proj.weight", MatrixRole.MIXER_INNER, rank + 2 * states, inner),
                tensors.projection(prefix + "dt_proj.weight", MatrixRole.MIXER_INNER, inner, rank),
                tensors.vector(prefix + "dt_proj.bias", inner),
                tensors.vector(prefix + "A_log", inner, states),
                tensors.vector(prefix + "D", inner),
                tensors.projection(prefix + "out_proj.weight", MatrixRole.MIXER_OUT, shape.width(), inner));
    }

    /** What the names of its tensors begin with. */
    public String prefix() {
        return inProj.name().substring(0, inProj.name().length() - IN.length());
    }

    @Override
    public long parameters() {
        return inProj.elements()
                + convWeight.length
                + (convBias == null ? 0 : convBias.length)
                + xProj.elements()
                + dtProj.elements()
                + dtBias.length
                + aLog.length
                + d.length
                + outProj.elements();
    }

    /** The recurrence's states and the convolution's window. */
    @Override
    public long stateSize() {
        return (long) shape.inner() * (shape.states() + shape.convWidth());
    }

    @Override
    public List<Projection> projections() {
        return List.of(inProj, xProj, dtProj, outProj);
    }

    @Override
    public long cacheSize() {
        return 0;
    }

    private float[] decayRates() {
        float[] a = new float[aLog.length];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) -StrictMath.exp(aLog[i]);
        }
        return a;
    }

    @Override
    public Mixer.Loaded on(Compute compute) {
        int inner = shape.inner();
        int states = shape.states();
        int rank = shape.rank();
        Projection.Loaded in = inProj.on(compute);
        Matrix toRank = compute.language().matrix(xProj.weight().rows(0, rank));
        Matrix selective = compute.language().matrix(xProj.weight().rows(rank, 2 * states));
        Projection.Loaded toDt = dtProj.on(compute);
        Projection.Loaded out = outProj.on(compute);
        ConvFilter filter = new ConvFilter(
                compute.tensor(convWeight, inner, shape.convWidth()),
                convBias == null ? null : compute.tensor(convBias, inner),
                ConvActivation.SILU);
        SelectiveParameters recurrence = new SelectiveParameters(
                compute.tensor(decayRates(), inner, states), compute.tensor(d, inner), compute.tensor(dtBias, inner));
        return (x, flow, before) -> {
            Tensor projected = in.apply(x, null, flow);
            Stateful convolved = compute.language()
                    .causalConv(new Columns(projected, 0, inner), filter, flow.course(before, "conv"));
            flow.observer().see(xProj.name(), compute, convolved.output()); // by both of its parts
            Tensor parameters = compute.language().linear(convolved.output(), selective, null);
            flow.observer().see(xProj.name() + OUTPUT, compute, parameters);
            Tensor low = compute.language().linear(convolved.output(), toRank, null);
            Tensor steps = toDt.apply(low, null, flow);
            flow.observer().see(dtProj.name() + OUTPUT, compute, steps);
            Stateful scanned = compute.language()
                    .selectiveScan(
                            recurrence,
                            new ScanInputs(
                                    Columns.all(convolved.output()),
                                    Columns.all(steps),
                                    new Columns(parameters, 0, states),
                                    new Columns(parameters, states, states)),
                            flow.course(before, "ssm"));
            Tensor gated = compute.language()
                    .siluGate(Columns.all(scanned.output()), new Columns(projected, inner, inner), null);
            return new Mixed(
                    out.apply(gated, null, flow),
                    flow.carry() == Carry.NOTHING
                            ? Map.of()
                            : Map.of("conv", convolved.state(), "ssm", scanned.state()));
        };
    }
}
