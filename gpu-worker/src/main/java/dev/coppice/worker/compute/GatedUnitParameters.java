package dev.coppice.worker.compute;

/**
 * What follows the state-space system in a layer of S5 (Smith et al. 2023) or S4D (Gu et al. 2022), on the host:
 *
 * <pre>
 * g = gelu(y),   out = value * sigmoid(W_gate g + b_gate) + residual
 * </pre>
 *
 * @param channels H
 * @param form of the GELU
 * @param value what is gated
 * @param weight W_gate, and before it the weight of the value where that is projected; (H, H) or (2, H, H)
 * @param bias (H) or (2, H), likewise
 */
public record GatedUnitParameters(int channels, Gelu form, GateValue value, float[] weight, float[] bias) {

    public GatedUnitParameters {
        int parts = value == GateValue.PROJECTED ? 2 : 1;
        Lengths.check("weight", weight.length, (long) parts * channels * channels);
        Lengths.check("bias", bias.length, (long) parts * channels);
    }
}
