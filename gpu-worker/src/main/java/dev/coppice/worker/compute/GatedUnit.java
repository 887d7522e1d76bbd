package dev.coppice.worker.compute;

import org.jspecify.annotations.Nullable;

/** {@link GatedUnitParameters} in the form that a Compute runs best; lives as long as the scope it was prepared in. */
@FunctionalInterface
public interface GatedUnit {

    /**
     * out for y and residual (R, H), in the innermost open scope of {@code lane}.
     *
     * @param residual null for none
     * @param after what becomes of out in the end; null for nothing
     */
    Tensor run(Compute lane, Tensor y, @Nullable Tensor residual, @Nullable Affine after);

    /** One operation after the other. */
    static GatedUnit inParts(Compute compute, GatedUnitParameters p) {
        Tensor weight = compute.tensor(p.weight(), p.bias().length, p.channels());
        Tensor bias = compute.tensor(p.bias(), p.bias().length);
        return (lane, y, residual, after) -> {
            Tensor g = lane.gelu(y, p.form());
            Tensor projected = lane.linear(g, weight, bias); // (R, H), or (R, 2H)
            Tensor out = p.value() == GateValue.PROJECTED
                    ? sum(lane, residual, lane.glu(projected))
                    : lane.gate(p.value() == GateValue.INPUT ? y : g, projected, residual);
            return after == null ? out : lane.channelAffine(out, after.scale(), after.shift());
        };
    }

    private static Tensor sum(Compute lane, @Nullable Tensor residual, Tensor out) {
        return residual == null ? out : lane.add(residual, out);
    }
}
