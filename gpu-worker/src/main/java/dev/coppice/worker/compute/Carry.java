package dev.coppice.worker.compute;

/** Whether an operation along sequences gives the states after them. */
public enum Carry {
    /** The states of all sequences. */
    STATES,
    /** Nothing: the state tensor has no sequences, and what only leads to it is not computed. */
    NOTHING;

    /** Sequences of the state tensor. */
    public int count(Segments segments) {
        return this == STATES ? segments.count() : 0;
    }
}
