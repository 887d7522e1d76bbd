package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.SisoParameters;

/**
 * An S4D layer as {@code siso_scan.cu} reads it, computed in float64: powers of eigenvalues near 1 lose their phase in float32.
 *
 * @param parts lanes that a channel lies on
 * @param statesOfPart states of a lane; parts statesOfPart is at least the largest number of states of a channel
 * @param factors of each state from one block of four steps to the next and to the outputs; (directions, H, states, 16)
 * @param within how the steps of a block enter each other's outputs; (directions, H, 4, 4)
 */
record SisoTable(int channels, int directions, int parts, int statesOfPart, float[] factors, float[] within) {

    private static final int FOUR = 4; // steps of a block
    private static final int NUMBERS = 16; // of a state
    private static final int MOST_STATES_OF_PART = 6; // more does not fit the registers
    private static final int MOST_PARTS = 32;

    static SisoTable of(SisoParameters p) {
        int most = Math.max(1, CudaSiso.mostStates(p));
        int parts = parts(most);
        int own = (most + parts - 1) / parts;
        if (own > MOST_STATES_OF_PART) {
            throw new IllegalArgumentException("S4D's kernel keeps at most " + MOST_PARTS * MOST_STATES_OF_PART
                    + " states of a channel, not " + most + "; use the cpu backend");
        }
        float[] factors = new float[p.directions() * p.channels() * parts * own * NUMBERS];
        float[] within = new float[p.directions() * p.channels() * FOUR * FOUR];
        for (int direction = 0; direction < p.directions(); direction++) {
            for (int h = 0; h < p.channels(); h++) {
                int channel = direction * p.channels() + h;
                double[] kernel = new double[FOUR]; // first entries of the convolution kernel
                for (int s = p.offsets()[h]; s < p.offsets()[h + 1]; s++) {
                    int at = (channel * parts * own + s - p.offsets()[h]) * NUMBERS;
                    state(p, direction, s, factors, at, kernel);
                }
                for (int j = 0; j < FOUR; j++) {
                    // the second direction lies strictly in the future
                    for (int i = 0; i <= j - direction; i++) {
                        within[(channel * FOUR + j) * FOUR + i] = (float) kernel[j - i - direction];
                    }
                    if (direction == 0) {
                        within[(channel * FOUR + j) * FOUR + j] = (float) (kernel[0] + p.d()[h]);
                    }
                }
            }
        }
        return new SisoTable(p.channels(), p.directions(), parts, own, factors, within);
    }

    /** Fewest lanes' worth of states, then fewest lanes. */
    private static int parts(int states) {
        int best = MOST_PARTS;
        for (int parts = MOST_PARTS; parts >= 4; parts /= 2) {
            int own = (states + parts - 1) / parts;
            int bestOwn = (states + best - 1) / best;
            if (own <= MOST_STATES_OF_PART && own * parts <= bestOwn * best) {
                best = parts;
            }
        }
        return best;
    }

    /** Factors of state {@code s}, from index {@code at} on, and what it adds to the kernel's first entries. */
    private static void state(SisoParameters p, int direction, int s, float[] factors, int at, double[] kernel) {
        int w = direction * p.states() + s;
        double[] power = {1, 0};
        for (int k = 0; k <= FOUR; k++) {
            double re = p.weightRe()[w] * power[0] - p.weightIm()[w] * power[1];
            double im = p.weightRe()[w] * power[1] + p.weightIm()[w] * power[0];
            if (k < FOUR) {
                kernel[k] += re;
            }
            // step j of the block sees the state before it through lamBar^(j+1), in the second direction through
            // lamBar^j
            int step = k - 1 + direction;
            if (step >= 0 && step < FOUR) {
                factors[at + 2 * (FOUR + step)] = (float) re;
                factors[at + 2 * (FOUR + step) + 1] = (float) im;
            }
            if (k >= 1) {
                int place = at + 2 * (FOUR - k); // lamBar^4, lamBar^3, lamBar^2, lamBar
                factors[place] = (float) (k == FOUR ? power[0] - 1 : power[0]);
                factors[place + 1] = (float) power[1];
            }
            power = new double[] {
                power[0] * p.lamBarRe()[s] - power[1] * p.lamBarIm()[s],
                power[0] * p.lamBarIm()[s] + power[1] * p.lamBarRe()[s]
            };
        }
    }
}
