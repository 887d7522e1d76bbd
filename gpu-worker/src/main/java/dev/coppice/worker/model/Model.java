package dev.coppice.worker.model;

/** A trained model on the host: its configuration and weights. Immutable; pruning makes another one. */
public interface Model {

    /** Its hyper-parameters. */
    ModelConfig config();

    /** The family, such as s5 or s4d. */
    default String architecture() {
        return config().architecture();
    }

    /** Parameters (real numbers; a complex one counts two) of the whole model. */
    long parameters();

    /** Parameters of the sequence mixers alone (the state-space layers, skip weights included). */
    long mixerParameters();

    /** Recurrent state of one sequence, in real numbers (a complex state counts two; each direction counts). */
    long stateSize();

    /** Memory of that state in bytes: every backend keeps it in float32, whatever the arithmetic. */
    default long stateBytes() {
        return Float.BYTES * stateSize();
    }

    /** Host memory of the weights, in bytes; what a cache charges for it. */
    long bytes();
}
