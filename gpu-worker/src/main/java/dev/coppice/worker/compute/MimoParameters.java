package dev.coppice.worker.compute;

/**
 * One diagonal multi-input multi-output state-space layer (S5, Smith et al. 2023, eq. 2), discretised, on the host.
 *
 * <pre>
 * forward   x_t = lamBar x_{t-1} + bBar u_t
 * backward  z_t = lamBar z_{t+1} + bBar u_t          (both directions include u_t)
 * y_t = outputFactor Re(C_0 x_t + C_1 z_t) + d u_t
 * </pre>
 *
 * @param channels H, length of u_t and y_t
 * @param states P, complex states stored; may be 0, then y = d u
 * @param directions 1 forward only, 2 both
 * @param lamBarRe real part of the discrete eigenvalues; (P)
 * @param lamBarIm imaginary part; (P)
 * @param bBar discrete input matrix; (P, H, 2) with real and imaginary part in the last axis
 * @param c output matrix of each direction; (directions, H, P, 2)
 * @param d skip weights; (H)
 * @param outputFactor 2 where only one of each conjugate pair is stored, else 1
 */
public record MimoParameters(
        int channels,
        int states,
        int directions,
        double[] lamBarRe,
        double[] lamBarIm,
        float[] bBar,
        float[] c,
        float[] d,
        double outputFactor) {

    public MimoParameters {
        Lengths.check("lamBarRe", lamBarRe.length, states);
        Lengths.check("lamBarIm", lamBarIm.length, states);
        Lengths.check("bBar", bBar.length, 2L * states * channels);
        Lengths.check("c", c.length, 2L * directions * channels * states);
        Lengths.check("d", d.length, channels);
    }
}
