package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.MimoParameters;
import dev.coppice.worker.compute.MimoSsm;

/**
 * An S5 layer laid out for scanning. States go in blocks of W = half a vector; a block is one vector of W real parts and W
 * imaginary ones, so that a complex state costs one load, one store and two multiply-adds whatever the number of states.
 * The last block is filled up with states that stay zero.
 *
 * @param parameters what it was made from
 * @param blocks blocks of W states
 * @param bBar input matrix, row by row in the order of the blocks; (blocks 2W, H)
 * @param c output matrices of all directions, the output factor and the minus of the imaginary part folded in;
 *     (H, directions blocks 2W)
 * @param lamRe real part of the eigenvalues, twice in each block; (blocks 2W)
 * @param lamIm imaginary part, negated in the first half of each block; (blocks 2W)
 * @param d skip weights; (H)
 */
record CpuMimo(
        MimoParameters parameters, int blocks, CpuTensor bBar, CpuTensor c, float[] lamRe, float[] lamIm, CpuTensor d)
        implements MimoSsm {

    /** W, states of a block. */
    static final int BLOCK = Lanes.COUNT / 2;

    static CpuMimo of(MimoParameters p, CpuCompute compute) {
        int blocks = (p.states() + BLOCK - 1) / BLOCK;
        int width = blocks * Lanes.COUNT;
        float[] b = new float[width * p.channels()]; // (blocks 2W, H)
        float[] c = new float[p.channels() * p.directions() * width]; // (H, directions, blocks 2W)
        float[] lamRe = new float[width]; // (blocks 2W)
        float[] lamIm = new float[width]; // (blocks 2W)
        for (int state = 0; state < p.states(); state++) {
            int re = state / BLOCK * Lanes.COUNT + state % BLOCK;
            int im = re + BLOCK;
            lamRe[re] = (float) p.lamBarRe()[state];
            lamRe[im] = lamRe[re];
            lamIm[im] = (float) p.lamBarIm()[state];
            lamIm[re] = -lamIm[im];
            for (int h = 0; h < p.channels(); h++) {
                int from = 2 * (state * p.channels() + h);
                b[re * p.channels() + h] = p.bBar()[from];
                b[im * p.channels() + h] = p.bBar()[from + 1];
                for (int direction = 0; direction < p.directions(); direction++) {
                    int column = 2 * ((direction * p.channels() + h) * p.states() + state);
                    int row = (h * p.directions() + direction) * width;
                    c[row + re] = (float) (p.outputFactor() * p.c()[column]);
                    c[row + im] = (float) (-p.outputFactor() * p.c()[column + 1]);
                }
            }
        }
        return new CpuMimo(
                p,
                blocks,
                compute.tensor(b, width, p.channels()),
                compute.tensor(c, p.channels(), p.directions() * width),
                lamRe,
                lamIm,
                compute.tensor(p.d(), p.channels()));
    }

    /** Floats of one time step's states in one direction. */
    int width() {
        return blocks * Lanes.COUNT;
    }
}
