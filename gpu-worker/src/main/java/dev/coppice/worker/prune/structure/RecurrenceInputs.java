package dev.coppice.worker.prune.structure;

import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import dev.coppice.worker.model.mamba2.Mamba2Shape.Part;

/**
 * What goes into a Mamba-2 mixer's recurrence for some sequences: S = exp(logDecay) S + scale x B', y = S C.
 *
 * @param segments where the sequences lie
 * @param convolved x, B and C after convolution and activation; (R, xHeads P + bGroups N + cGroups N)
 * @param scale dt, or 1 in discrete mixers; (R, H)
 * @param logDecay dt A, or -softplus(a) in discrete mixers; (R, H)
 */
record RecurrenceInputs(Mamba2Shape shape, Segments segments, float[] convolved, double[] scale, double[] logDecay) {

    int rows() {
        return segments.rows();
    }

    /** Where the x of head {@code h} begins in a row of {@code convolved}. */
    int x(int row, int h) {
        return row * shape.convolved() + h / shape.headsOfX() * shape.headWidth();
    }

    /** Where the B of head {@code h} begins. */
    int b(int row, int h) {
        return row * shape.convolved() + shape.rows(Part.X) + h / shape.headsOfGroup() * shape.states();
    }

    /** Where the C of head {@code h} begins. */
    int c(int row, int h) {
        return row * shape.convolved()
                + shape.rows(Part.X)
                + shape.rows(Part.B)
                + h / (shape.heads() / shape.cGroups()) * shape.states();
    }
}
