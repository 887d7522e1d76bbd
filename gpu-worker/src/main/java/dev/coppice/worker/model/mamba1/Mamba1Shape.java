package dev.coppice.worker.model.mamba1;

import dev.coppice.worker.model.language.MixerShape;

/**
 * Sizes of a Mamba-1 mixer.
 *
 * @param width D of the residual stream
 * @param inner C
 * @param states N
 * @param rank R of the projection to dt
 * @param convWidth K
 */
public record Mamba1Shape(int width, int inner, int states, int rank, int convWidth) implements MixerShape {

    /** The same mixer with N states. */
    public Mamba1Shape withStates(int n) {
        return new Mamba1Shape(width, inner, n, rank, convWidth);
    }

    @Override
    public String kind() {
        return "mamba1";
    }
}
