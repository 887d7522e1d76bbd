package dev.coppice.worker.model.s5;

/** What follows the state-space system in a layer, with g = gelu(y). */
enum S5Activation {
    /** g. */
    GELU(false, false),
    /** g * sigmoid(out2(g)). */
    HALF_GLU1(false, true),
    /** y * sigmoid(out2(g)): the value passes without the GELU. */
    HALF_GLU2(false, true),
    /** out1(g) * sigmoid(out2(g)). */
    FULL_GLU(true, true);

    private final boolean hasValueLayer;
    private final boolean hasGateLayer;

    S5Activation(boolean hasValueLayer, boolean hasGateLayer) {
        this.hasValueLayer = hasValueLayer;
        this.hasGateLayer = hasGateLayer;
    }

    /** Whether there is an out1. */
    boolean hasValueLayer() {
        return hasValueLayer;
    }

    /** Whether there is an out2. */
    boolean hasGateLayer() {
        return hasGateLayer;
    }
}
