package dev.coppice.worker.prune.state;

import dev.coppice.worker.compute.SplitMix64;
import dev.coppice.worker.model.DiagonalStates;

/** The importance of each state of a layer, in float64; larger is kept longer. */
public enum StateScore {
    /**
     * Squared H-infinity norm of the one-state subsystem, |C|^2 |B|^2 / ((1 - a)^2 + 1e-8) (LAST, eq. 7, with its code's
     * epsilon). It is taken as it stands for unstable states too, as the authors' code does.
     */
    HINF {
        @Override
        double of(double a, double b, double[] c) {
            return square(mean(c)) * square(b) / (square(1 - a) + EPSILON);
        }
    },
    /**
     * What LAST's code computes in two directions: its {@code (|C1| + |C2|) / 2 ** 2} binds as a sum over four, linear in C
     * where the paper has the squared mean. In one direction it is {@link #HINF}.
     */
    HINF_REPO_COMPAT {
        @Override
        double of(double a, double b, double[] c) {
            return c.length == 1 ? HINF.of(a, b, c) : (c[0] + c[1]) / 4 * square(b) / (square(1 - a) + EPSILON);
        }
    },
    /**
     * Squared H2 norm, |C|^2 |B|^2 / (1 - a^2 + 1e-8) (AIRE-Prune). An unstable state has no H2 norm: it gets
     * {@link #UNSTABLE} and so ranks highest.
     */
    H2 {
        @Override
        double of(double a, double b, double[] c) {
            return a >= 1 ? UNSTABLE : square(mean(c)) * square(b) / (1 - square(a) + EPSILON);
        }
    },
    /** |C| a |B|. The papers name a state magnitude without a formula; this definition is ours. */
    MAGNITUDE {
        @Override
        double of(double a, double b, double[] c) {
            return mean(c) * a * b;
        }
    },
    /** The square of {@link #MAGNITUDE}, as LAMP sums it. */
    SQUARED_MAGNITUDE {
        @Override
        double of(double a, double b, double[] c) {
            return square(MAGNITUDE.of(a, b, c));
        }
    },
    /** Uniform in [0, 1): state i of layer l takes number 2^32 l + i of the seed's {@link SplitMix64} sequence. */
    RANDOM {
        @Override
        double of(double a, double b, double[] c) {
            throw new IllegalStateException("random scores do not come from the state");
        }

        @Override
        double[] of(DiagonalStates states, long seed) {
            double[] scores = new double[states.count()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = SplitMix64.uniform(seed, ((long) states.layer() << 32) + i);
            }
            return scores;
        }
    };

    /**
     * The finite stand-in for a norm that does not exist: above every other score, and no part of any sum. Unstable states
     * tie, so that a threshold which reaches one of them keeps all.
     */
    static final double UNSTABLE = Double.MAX_VALUE;

    private static final double EPSILON = 1e-8;

    /** The score of a state with eigenvalue magnitude a, input norm b and the output norm c of each direction. */
    abstract double of(double a, double b, double[] c);

    /** The scores of a layer's states; the seed matters to {@link #RANDOM} alone. */
    double[] of(DiagonalStates states, long seed) {
        double[] scores = new double[states.count()];
        double[] c = new double[states.outputNorms().length]; // (directions)
        for (int i = 0; i < scores.length; i++) {
            for (int direction = 0; direction < c.length; direction++) {
                c[direction] = states.outputNorms()[direction][i];
            }
            scores[i] = of(states.lamBarAbs()[i], states.inputNorm()[i], c);
        }
        return scores;
    }

    private static double square(double x) {
        return x * x;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
