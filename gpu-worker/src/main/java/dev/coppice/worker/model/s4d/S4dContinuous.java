package dev.coppice.worker.model.s4d;

/**
 * The continuous systems of one layer as a checkpoint stores them: channel h uses row h mod R of the poles, which have R
 * rows (R = n_ssm, or H where every channel has its own).
 *
 * @param channels H
 * @param perChannel n
 * @param aRe real part of the eigenvalues, negative where they are stable; (R, n)
 * @param aIm imaginary part; (R, n)
 * @param b input weights; (R, n, 2) with real and imaginary part in the last axis
 * @param c output weights of each direction; (D, H, n, 2)
 * @param dt step size of each channel; (H)
 * @param d skip weights; (H)
 */
record S4dContinuous(
        int channels, int perChannel, double[] aRe, double[] aIm, double[] b, double[] c, double[] dt, float[] d) {

    /** D. */
    int directions() {
        return c.length / (2 * channels * perChannel);
    }
}
