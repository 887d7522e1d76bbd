package dev.coppice.worker.model.s5;

import dev.coppice.worker.model.layer.Linear;
import dev.coppice.worker.model.layer.Norm;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one layer.
 *
 * @param norm before the system or after the residual sum
 * @param system the state-space system
 * @param value out1 of full_glu; null for other activations
 * @param gate out2; null for gelu
 */
record S5Layer(
        Norm norm,
        S5System system,
        @Nullable Linear value,
        @Nullable Linear gate) {

    S5Layer with(S5System other) {
        return new S5Layer(norm, other, value, gate);
    }

    S5Layer with(Norm other) {
        return new S5Layer(other, system, value, gate);
    }

    S5Layer withValue(Linear other) {
        return new S5Layer(norm, system, other, gate);
    }

    S5Layer withGate(Linear other) {
        return new S5Layer(norm, system, value, other);
    }

    /** Trained parameters of all but the system. */
    long parametersOutsideMixer() {
        return norm.parameters() + (value == null ? 0 : value.parameters()) + (gate == null ? 0 : gate.parameters());
    }

    /** Host memory, in bytes. */
    long bytes() {
        return norm.bytes() + system.bytes() + (value == null ? 0 : value.bytes()) + (gate == null ? 0 : gate.bytes());
    }
}
