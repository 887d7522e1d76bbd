package dev.coppice.worker.model.mamba1;

import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.Matrix;
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
 * @param inner C
 * @param states N
 * @param rank R of the projection to dt
 * @param convWidth K
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
        int inner,
        int states,
        int rank,
        int convWidth,
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

    /** Reads a mixer whose tensors' names begin with {@code prefix}. */
    static Mamba1Mixer read(
            ModelTensors tensors, String prefix, int width, int inner, int states, int rank, int convWidth) {
        String bias = prefix + "conv1d.bias";
        return new Mamba1Mixer(
                inner,
                states,
                rank,
                convWidth,
                tensors.projection(prefix + "in_proj.weight", MatrixRole.MIXER_IN, 2 * inner, width),
                tensors.vector(prefix + "conv1d.weight", inner, 1, convWidth),
                tensors.has(bias) ? tensors.vector(bias, inner) : null,
                tensors.projection(prefix + "x_proj.weight", MatrixRole.MIXER_INNER, rank + 2 * states, inner),
                tensors.projection(prefix + "dt_proj.weight", MatrixRole.MIXER_INNER, inner, rank),
                tensors.vector(prefix + "dt_proj.bias", inner),
                tensors.vector(prefix + "A_log", inner, states),
                tensors.vector(prefix + "D", inner),
                tensors.projection(prefix + "out_proj.weight", MatrixRole.MIXER_OUT, width, inner));
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
        return (long) inner * states + (long) inner * convWidth;
    }

    @Override
    public List<Projection> projections() {
        return List.of(inProj, xProj, dtProj, outProj);
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
        Projection.Loaded in = inProj.on(compute);
        Matrix toRank = compute.matrix(xProj.weight().rows(0, rank));
        Matrix selective = compute.matrix(xProj.weight().rows(rank, 2 * states));
        Projection.Loaded toDt = dtProj.on(compute);
        Projection.Loaded out = outProj.on(compute);
        Tensor taps = compute.tensor(convWeight, inner, convWidth);
        Tensor tapBias = convBias == null ? null : compute.tensor(convBias, inner);
        Tensor rates = compute.tensor(decayRates(), inner, states);
        Tensor skip = compute.tensor(d, inner);
        Tensor shift = compute.tensor(dtBias, inner);
        return (x, flow, before) -> {
            Tensor projected = in.apply(x, null, flow);
            Stateful convolved = compute.causalConv(
                    new Columns(projected, 0, inner),
                    taps,
                    tapBias,
                    ConvActivation.SILU,
                    flow.segments(),
                    flow.start(before, "conv"),
                    flow.carry());
            flow.observer().see(xProj.name(), compute, convolved.output()); // by both of its parts
            Tensor parameters = compute.linear(convolved.output(), selective, null);
            Tensor low = compute.linear(convolved.output(), toRank, null);
            Stateful scanned = compute.selectiveScan(
                    rates,
                    skip,
                    shift,
                    Columns.all(convolved.output()),
                    Columns.all(toDt.apply(low, null, flow)),
                    new Columns(parameters, 0, states),
                    new Columns(parameters, states, states),
                    flow.segments(),
                    flow.start(before, "ssm"),
                    flow.carry());
            Tensor gated = compute.siluGate(Columns.all(scanned.output()), new Columns(projected, inner, inner), null);
            return new Mixed(
                    out.apply(gated, null, flow),
                    flow.carry() == Carry.NOTHING
                            ? Map.of()
                            : Map.of("conv", convolved.state(), "ssm", scanned.state()));
        };
    }
}
