package dev.coppice.worker.compute.cpu;

/** A way to compute y of {@link dev.coppice.worker.compute.SisoParameters} for W neighbouring channels, one a lane. */
interface SisoFormulation {

    /** Floats of scratch memory that a run needs. */
    int scratch();

    /**
     * y for one sequence.
     *
     * @param u input; (steps, W), left as it is
     * @param y output; (steps, W)
     * @param steps T of this sequence
     * @param scratch memory of at least {@link #scratch} floats, whatever its content
     */
    void run(float[] u, float[] y, int steps, float[] scratch);
}
