package dev.coppice.worker.model;

/**
 * The diagonal states of one layer as pruning scores see them, in float64 from the stored weights. One entry a stored
 * state: P of them in S5, H * n (channel by channel) in S4D.
 *
 * @param layer number of the layer, from 0
 * @param channels 1 in S5 (one system), H in S4D (H systems)
 * @param lamBarAbs |lambda_bar|, the discrete eigenvalue's magnitude; (states)
 * @param inputNorm norm of the state's row of B_bar; (states)
 * @param outputNorms norm of the state's column of C in each direction; (directions, states)
 */
public record DiagonalStates(int layer, int channels, double[] lamBarAbs, double[] inputNorm, double[][] outputNorms) {

    /** Number of stored states. */
    public int count() {
        return lamBarAbs.length;
    }
}
