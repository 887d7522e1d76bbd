package dev.coppice.worker.model.mamba1;

import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Matrix;
import dev.coppice.worker.compute.Stateful;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.language.Mixer;
import dev.coppice.worker.model.language.ModelTensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
        HostArray inProj,
        float[] convWeight,
        float @Nullable [] convBias,
        HostArray xProj,
        HostArray dtProj,
        float[] dtBias,
        float[] aLog,
        float[] d,
        HostArray outProj)
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
                tensors.matrix(prefix + "in_proj.weight", 2 * inner, width),
                tensors.vector(prefix + "conv1d.weight", inner, 1, convWidth),
                tensors.has(bias) ? tensors.vector(bias, inner) : null,
                tensors.matrix(prefix + "x_proj.weight", rank + 2 * states, inner),
                tensors.matrix(prefix + "dt_proj.weight", inner, rank),
                tensors.vector(prefix + "dt_proj.bias", inner),
                tensors.vector(prefix + "A_log", inner, states),
                tensors.vector(prefix + "D", inner),
                tensors.matrix(prefix + "out_proj.weight", width, inner));
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

    private float[] decayRates() {
        float[] a = new float[aLog.length];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) -StrictMath.exp(aLog[i]);
        }
        return a;
    }

    private static HostArray rows(HostArray matrix, int from, int count) {
        int columns = matrix.shape()[1];
        int bytes = columns * matrix.dtype().bytes();
        ByteBuffer part = matrix.bytes().slice(from * bytes, count * bytes).order(ByteOrder.LITTLE_ENDIAN);
        return new HostArray(matrix.dtype(), new int[] {count, columns}, part);
    }

    @Override
    public Mixer.Loaded on(Compute compute) {
        Matrix in = compute.matrix(inProj);
        Matrix toRank = compute.matrix(rows(xProj, 0, rank));
        Matrix selective = compute.matrix(rows(xProj, rank, 2 * states));
        Matrix toDt = compute.matrix(dtProj);
        Matrix out = compute.matrix(outProj);
        Tensor taps = compute.tensor(convWeight, inner, convWidth);
        Tensor tapBias = convBias == null ? null : compute.tensor(convBias, inner);
        Tensor rates = compute.tensor(decayRates(), inner, states);
        Tensor skip = compute.tensor(d, inner);
        Tensor shift = compute.tensor(dtBias, inner);
        return (x, flow, before) -> {
            Tensor projected = compute.linear(x, in, null);
            Stateful convolved = compute.causalConv(
                    new Columns(projected, 0, inner),
                    taps,
                    tapBias,
                    ConvActivation.SILU,
                    flow.segments(),
                    flow.start(before, "conv"),
                    flow.carry());
            Tensor parameters = compute.linear(convolved.output(), selective, null);
            Tensor low = compute.linear(convolved.output(), toRank, null);
            Stateful scanned = compute.selectiveScan(
                    rates,
                    skip,
                    shift,
                    Columns.all(convolved.output()),
                    Columns.all(compute.linear(low, toDt, null)),
                    new Columns(parameters, 0, states),
                    new Columns(parameters, states, states),
                    flow.segments(),
                    flow.start(before, "ssm"),
                    flow.carry());
            Tensor gated = compute.siluGate(Columns.all(scanned.output()), new Columns(projected, inner, inner), null);
            return new Mixed(
                    compute.linear(gated, out, null),
                    flow.carry() == Carry.NOTHING
                            ? Map.of()
                            : Map.of("conv", convolved.state(), "ssm", scanned.state()));
        };
    }
}
