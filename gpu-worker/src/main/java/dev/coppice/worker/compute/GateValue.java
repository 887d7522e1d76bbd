package dev.coppice.worker.compute;

/** What the gate of a {@link GatedUnit} multiplies. */
public enum GateValue {
    /** y as it came in. */
    INPUT,
    /** g = gelu(y). */
    ACTIVATED,
    /** A product of g of its own. */
    PROJECTED
}
