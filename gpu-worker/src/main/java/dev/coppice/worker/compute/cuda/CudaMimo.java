package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.MimoParameters;
import dev.coppice.worker.compute.MimoSsm;

/**
 * An S5 layer on a GPU: all real parts of a step's states before all imaginary ones.
 *
 * @param channels H
 * @param states P
 * @param directions 1 or 2
 * @param bBar input matrix (2 P, H)
 * @param c output matrices of all directions, the output factor and the minus of the imaginary part folded in; (H, directions 2 P)
 * @param lam eigenvalues (2, P), float32
 * @param d skip weights (H), float32
 * @param zeros (H), float32
 */
record CudaMimo(
        int channels,
        int states,
        int directions,
        CudaTensor bBar,
        CudaTensor c,
        CudaTensor lam,
        CudaTensor d,
        CudaTensor zeros)
        implements MimoSsm {

    static CudaMimo of(CudaRuntime runtime, MimoParameters p) {
        int states = p.states();
        int channels = p.channels();
        float[] lam = new float[2 * states]; // (2, P)
        float[] b = new float[2 * states * channels]; // (2, P, H)
        float[] c = new float[channels * p.directions() * 2 * states]; // (H, directions, 2, P)
        for (int state = 0; state < states; state++) {
            lam[state] = (float) p.lamBarRe()[state];
            lam[states + state] = (float) p.lamBarIm()[state];
            for (int h = 0; h < channels; h++) {
                int from = 2 * (state * channels + h);
                b[state * channels + h] = p.bBar()[from];
                b[(states + state) * channels + h] = p.bBar()[from + 1];
                for (int direction = 0; direction < p.directions(); direction++) {
                    int column = 2 * ((direction * channels + h) * states + state);
                    int row = (h * p.directions() + direction) * 2 * states;
                    c[row + state] = (float) (p.outputFactor() * p.c()[column]);
                    c[row + states + state] = (float) (-p.outputFactor() * p.c()[column + 1]);
                }
            }
        }
        return new CudaMimo(
                channels,
                states,
                p.directions(),
                operand(runtime, b, 2 * states, channels),
                operand(runtime, c, channels, p.directions() * 2 * states),
                tensor(runtime, lam, 2, states),
                tensor(runtime, p.d(), channels),
                tensor(runtime, new float[channels], channels));
    }

    private static CudaTensor tensor(CudaRuntime runtime, float[] values, int... shape) {
        CudaTensor tensor = runtime.allocate(DType.FLOAT32, shape);
        if (values.length > 0) {
            runtime.write(tensor, values);
        }
        return tensor;
    }

    /** In the type of matrix products. */
    private static CudaTensor operand(CudaRuntime runtime, float[] values, int... shape) {
        CudaTensor wide = tensor(runtime, values, shape);
        CudaTensor operand = ElementKernels.convert(runtime, wide, runtime.type());
        if (operand != wide) {
            runtime.drop(wide);
        }
        return operand;
    }
}
