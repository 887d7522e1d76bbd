package dev.coppice.worker.model.mamba2;

import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.SsdStep;
import java.util.List;

/**
 * Sizes and variant of a Mamba-2 mixer.
 *
 * @param width D of the residual stream
 * @param heads H
 * @param xHeads heads that the projection gives x; fewer than H where they are repeated (hybrids)
 * @param bGroups groups of B
 * @param cGroups groups of C
 * @param headWidth P
 * @param states N
 * @param convWidth K
 * @param order the parts of the input projection's rows, in their order
 * @param step how a step decays and scales its input
 * @param activation what follows the convolution
 * @param normGroups groups of the gated RMS norm; 0 for a gate without a norm
 * @param epsilon of that norm
 * @param dtMin bounds of dt after softplus
 * @param dtMax bounds of dt after softplus
 */
public record Mamba2Shape(
        int width,
        int heads,
        int xHeads,
        int bGroups,
        int cGroups,
        int headWidth,
        int states,
        int convWidth,
        List<Part> order,
        SsdStep step,
        ConvActivation activation,
        int normGroups,
        double epsilon,
        double dtMin,
        double dtMax) {

    /** Parts of the input projection. */
    public enum Part {
        /** The gate. */
        Z,
        X,
        B,
        C,
        DT
    }

    /** Mamba-2 and the hybrids built on it. */
    public static final List<Part> GATE_FIRST = List.of(Part.Z, Part.X, Part.B, Part.C, Part.DT);

    /** The discrete mixers. */
    public static final List<Part> GATE_LATE = List.of(Part.X, Part.B, Part.C, Part.Z, Part.DT);

    /** Rows of a part. */
    public int rows(Part part) {
        return switch (part) {
            case Z -> inner();
            case X -> xHeads * headWidth;
            case B -> bGroups * states;
            case C -> cGroups * states;
            case DT -> heads;
        };
    }

    /** First row of a part. */
    public int from(Part part) {
        return order.subList(0, order.indexOf(part)).stream()
                .mapToInt(this::rows)
                .sum();
    }

    /** Rows of the input projection. */
    public int projected() {
        return order.stream().mapToInt(this::rows).sum();
    }

    /** Channels of the convolution: x, B and C. */
    public int convolved() {
        return rows(Part.X) + rows(Part.B) + rows(Part.C);
    }

    /** Channels of the mixer's output, before the output projection. */
    public int inner() {
        return heads * headWidth;
    }
}
