package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.SisoParameters;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Convolution kernels of {@link SisoParameters}. Powers are taken in float64: near |lamBar| = 1 float32 loses their phase
 * long before they have decayed.
 */
final class SisoKernel {

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private SisoKernel() {}

    /** kernel[t] = Re sum_s weight[direction, s] lamBar[s]^t over the channel's states; (steps). */
    static double[] of(SisoParameters parameters, int direction, int channel, int steps) {
        double[] kernel = new double[(steps + LANES - 1) / LANES * LANES];
        for (int state = parameters.offsets()[channel]; state < parameters.offsets()[channel + 1]; state++) {
            int weight = direction * parameters.states() + state;
            addState(
                    kernel,
                    parameters.lamBarRe()[state],
                    parameters.lamBarIm()[state],
                    parameters.weightRe()[weight],
                    parameters.weightIm()[weight]);
        }
        return Arrays.copyOf(kernel, steps);
    }

    /** Lane j holds weight lamBar^t for t = j, j + LANES, ...: one complex product brings it to the next block. */
    private static void addState(double[] kernel, double lamRe, double lamIm, double weightRe, double weightIm) {
        double[] re = new double[LANES];
        double[] im = new double[LANES];
        double strideRe = 1;
        double strideIm = 0;
        for (int j = 0; j < LANES; j++) {
            re[j] = weightRe * strideRe - weightIm * strideIm;
            im[j] = weightRe * strideIm + weightIm * strideRe;
            double nextRe = strideRe * lamRe - strideIm * lamIm;
            strideIm = strideRe * lamIm + strideIm * lamRe;
            strideRe = nextRe;
        }
        DoubleVector powerRe = DoubleVector.fromArray(SPECIES, re, 0);
        DoubleVector powerIm = DoubleVector.fromArray(SPECIES, im, 0);
        for (int t = 0; t < kernel.length; t += LANES) {
            DoubleVector.fromArray(SPECIES, kernel, t).add(powerRe).intoArray(kernel, t);
            DoubleVector next = powerRe.mul(strideRe).sub(powerIm.mul(strideIm));
            powerIm = powerRe.mul(strideIm).add(powerIm.mul(strideRe));
            powerRe = next;
        }
    }
}
