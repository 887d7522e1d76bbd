package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.SisoParameters;
import dev.coppice.worker.compute.nd4j.DiagonalScan.Direction;

/** What an S4D layer multiplies chunks of Q steps by; channels have N places for states, zeros where they have fewer. */
final class SisoMatrices {

    private final SisoParameters parameters;
    private final int states; // N
    private final int chunk; // Q
    private final Powers powers; // of H N eigenvalues, up to Q

    SisoMatrices(SisoParameters parameters, int states, int chunk) {
        this.parameters = parameters;
        this.states = states;
        this.chunk = chunk;
        double[] re = new double[parameters.channels() * states]; // (H, N)
        double[] im = new double[re.length]; // (H, N)
        for (int h = 0; h < parameters.channels(); h++) {
            for (int n = 0; n < kept(h); n++) {
                re[h * states + n] = parameters.lamBarRe()[parameters.offsets()[h] + n];
                im[h * states + n] = parameters.lamBarIm()[parameters.offsets()[h] + n];
            }
        }
        powers = Powers.of(re, im, chunk + 1);
    }

    Powers powers() {
        return powers;
    }

    private int kept(int h) {
        return parameters.offsets()[h + 1] - parameters.offsets()[h];
    }

    /** Real part of weight lambda^e, for state n of a channel. */
    private double real(Direction direction, int h, int n, int exponent) {
        int w = direction.ordinal() * parameters.states() + parameters.offsets()[h] + n;
        int at = h * states + n;
        return parameters.weightRe()[w] * powers.re(at, exponent) - parameters.weightIm()[w] * powers.im(at, exponent);
    }

    private double imaginary(Direction direction, int h, int n, int exponent) {
        int w = direction.ordinal() * parameters.states() + parameters.offsets()[h] + n;
        int at = h * states + n;
        return parameters.weightRe()[w] * powers.im(at, exponent) + parameters.weightIm()[w] * powers.re(at, exponent);
    }

    private double kernel(Direction direction, int h, int lag) {
        double sum = 0;
        for (int n = 0; n < kept(h); n++) {
            sum += real(direction, h, n, lag);
        }
        return sum;
    }

    /** The kernel at t - s; where t is before s, the other direction's at s - t - 1: at (s, t), (H, Q, Q). */
    float[] toeplitz() {
        float[] matrix = new float[parameters.channels() * chunk * chunk];
        for (int h = 0; h < parameters.channels(); h++) {
            for (int lag = 0; lag < chunk; lag++) {
                float past = (float) kernel(Direction.FORWARD, h, lag);
                for (int s = 0; s + lag < chunk; s++) {
                    matrix[(h * chunk + s) * chunk + s + lag] = past;
                }
                if (parameters.directions() == 2 && lag > 0) {
                    float future = (float) kernel(Direction.BACKWARD, h, lag - 1);
                    for (int t = 0; t + lag < chunk; t++) {
                        matrix[(h * chunk + t + lag) * chunk + t] = future;
                    }
                }
            }
        }
        return matrix;
    }

    /** The power that the input of step s has in the state that a chunk leaves, (2, H, N, Q). */
    float[] collecting(Direction direction) {
        int part = parameters.channels() * states * chunk;
        float[] matrix = new float[2 * part];
        for (int h = 0; h < parameters.channels(); h++) {
            for (int n = 0; n < kept(h); n++) {
                for (int s = 0; s < chunk; s++) {
                    int at = (h * states + n) * chunk + s;
                    int exponent = direction == Direction.FORWARD ? chunk - 1 - s : s;
                    matrix[at] = (float) powers.re(h * states + n, exponent);
                    matrix[part + at] = (float) powers.im(h * states + n, exponent);
                }
            }
        }
        return matrix;
    }

    /** What a state that a chunk finds gives to the output of step t, (2, H, N, Q): Re(weight lambda^e state). */
    float[] reading(Direction direction) {
        int part = parameters.channels() * states * chunk;
        float[] matrix = new float[2 * part];
        for (int h = 0; h < parameters.channels(); h++) {
            for (int n = 0; n < kept(h); n++) {
                for (int t = 0; t < chunk; t++) {
                    int at = (h * states + n) * chunk + t;
                    int exponent = direction == Direction.FORWARD ? t + 1 : chunk - 1 - t;
                    matrix[at] = (float) real(direction, h, n, exponent);
                    matrix[part + at] = (float) -imaginary(direction, h, n, exponent);
                }
            }
        }
        return matrix;
    }
}
