package dev.coppice.worker.model.s4d;

import dev.coppice.worker.model.layer.Linear;
import dev.coppice.worker.model.layer.Norm;

/**
 * One layer: norm, state-space systems, and the linear part of the gated unit.
 *
 * @param norm over H channels
 * @param system the systems of H channels
 * @param output from H to 2H channels
 */
record S4dLayer(Norm norm, S4dSystem system, Linear output) {

    S4dLayer with(Norm other) {
        return new S4dLayer(other, system, output);
    }

    S4dLayer with(S4dSystem other) {
        return new S4dLayer(norm, other, output);
    }

    S4dLayer with(Linear otherOutput) {
        return new S4dLayer(norm, system, otherOutput);
    }
}
