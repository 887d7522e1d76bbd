package dev.coppice.worker.model.mamba2;

import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.SsdStep;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.language.MixerShape;
import java.nio.file.Path;
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
 * @param outProjection whether the output projection has a bias
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
        double dtMax,
        OutProjection outProjection)
        implements MixerShape {

    /** Kinds of output projection. */
    public enum OutProjection {
        /** As published. */
        UNBIASED,
        /** With a bias, which makes up for what was pruned. */
        BIASED
    }

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

    /** Heads that share a group of B. */
    public int headsOfGroup() {
        return heads / bGroups;
    }

    /** Groups of C that go with one of B. */
    public int readings() {
        return cGroups / bGroups;
    }

    /** Heads that share an x. */
    public int headsOfX() {
        return heads / xHeads;
    }

    /** The same mixer with N states. */
    public Mamba2Shape withStates(int n) {
        return with(heads, xHeads, bGroups, cGroups, headWidth, n, normGroups, epsilon, outProjection);
    }

    /** The same mixer with heads of width P. */
    public Mamba2Shape withHeadWidth(int p) {
        return with(heads, xHeads, bGroups, cGroups, p, states, normGroups, epsilon, outProjection);
    }

    /** The same mixer with fewer heads and, where each has its own B and C, fewer of these. */
    public Mamba2Shape withHeads(int h) {
        int groups = bGroups == 1 ? 1 : h;
        return with(h, h, groups, groups, headWidth, states, normGroups, epsilon, outProjection);
    }

    /** The same mixer with G groups of B and C. */
    public Mamba2Shape withGroups(int g) {
        return with(heads, xHeads, g, g, headWidth, states, normGroups, epsilon, outProjection);
    }

    /** The same mixer with another constant in its norm. */
    public Mamba2Shape withEpsilon(double e) {
        return with(heads, xHeads, bGroups, cGroups, headWidth, states, normGroups, e, outProjection);
    }

    /** The same mixer with or without a bias behind its output projection. */
    public Mamba2Shape withOutProjection(OutProjection kind) {
        return with(heads, xHeads, bGroups, cGroups, headWidth, states, normGroups, epsilon, kind);
    }

    private Mamba2Shape with(int h, int xs, int bs, int cs, int p, int n, int norms, double e, OutProjection kind) {
        return new Mamba2Shape(
                width, h, xs, bs, cs, p, n, convWidth, order, step, activation, norms, e, dtMin, dtMax, kind);
    }

    /**
     * Checks that a config which says nothing of the norm means this one.
     *
     * @param whole the shape before pruning
     * @param file the config, for the message
     * @throws ModelException when zeroed channels are left out of its mean
     */
    public void requireNormOf(Mamba2Shape whole, Path file) {
        if (epsilon != whole.epsilon) {
            throw new ModelException(
                    file + ": the model's published layout has no way to say that zeroed channels do not"
                            + " count in the mixer's norm; write smaller tensors: --compact");
        }
    }

    /**
     * Checks that it needs no bias behind the output projection.
     *
     * @param file the config, for the message
     * @throws ModelException when it does
     */
    public void requireUnbiased(Path file) {
        if (outProjection == OutProjection.BIASED) {
            throw new ModelException(file + ": the model's published layout has no bias behind out_proj alone, which"
                    + " makes up for the heads that are pruned");
        }
    }

    @Override
    public String kind() {
        return "mamba2";
    }
}
