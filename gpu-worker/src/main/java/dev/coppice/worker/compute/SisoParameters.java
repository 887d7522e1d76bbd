package dev.coppice.worker.compute;

/**
 * A layer of independent single-input single-output diagonal systems (S4D, Gu et al. 2022, section 3), discretised, on
 * the host. Channels may keep different numbers of states, so states lie one after another, channel by channel.
 *
 * <pre>
 * kernel[d,h,t] = Re sum_s weight[d,s] lamBar[s]^t        over the states s of channel h
 * y_t = sum_{s<=t} kernel[0,h,t-s] u_s + sum_{s>t} kernel[1,h,s-t-1] u_s + d u_t
 * </pre>
 *
 * The second direction lies strictly in the future. The factor 2 of conjugate pairs is part of the weights.
 *
 * @param channels H
 * @param directions 1 forward only, 2 both
 * @param offsets channel h owns the states offsets[h] to offsets[h + 1] - 1; (H + 1), offsets[0] = 0
 * @param lamBarRe real part of the discrete eigenvalues; (S)
 * @param lamBarIm imaginary part; (S)
 * @param weightRe real part of 2 C bBar; (directions, S)
 * @param weightIm imaginary part; (directions, S)
 * @param d skip weights; (H)
 */
public record SisoParameters(
        int channels,
        int directions,
        int[] offsets,
        double[] lamBarRe,
        double[] lamBarIm,
        double[] weightRe,
        double[] weightIm,
        float[] d) {

    public SisoParameters {
        Lengths.check("offsets", offsets.length, channels + 1L);
        int states = offsets[channels];
        Lengths.check("lamBarRe", lamBarRe.length, states);
        Lengths.check("lamBarIm", lamBarIm.length, states);
        Lengths.check("weightRe", weightRe.length, (long) directions * states);
        Lengths.check("weightIm", weightIm.length, (long) directions * states);
        Lengths.check("d", d.length, channels);
    }

    /** S, states of all channels. */
    public int states() {
        return offsets[channels];
    }
}
