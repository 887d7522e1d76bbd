package dev.coppice.worker.model.s4d;

import dev.coppice.worker.model.layer.Complex;
import dev.coppice.worker.model.layer.Discretization;

/** From continuous to discrete systems, in float64 (fixtures' README, section S4D; Gu et al. 2022, section 3.1). */
final class S4dDiscretisation {

    private S4dDiscretisation() {}

    /** The systems with the step sizes of their channels. */
    static S4dSystem discretise(S4dContinuous system, Discretization method) {
        int n = system.perChannel();
        int states = system.channels() * n;
        int poles = system.aRe().length;
        int[] offsets = new int[system.channels() + 1];
        int[] pole = new int[states];
        double[] lamBarRe = new double[states];
        double[] lamBarIm = new double[states];
        double[] bBarRe = new double[states];
        double[] bBarIm = new double[states];
        for (int s = 0; s < states; s++) {
            offsets[s / n + 1] = s + 1;
            pole[s] = s % poles; // (h mod R) n + i = (h n + i) mod (R n)
            Complex a = new Complex(system.aRe()[pole[s]], system.aIm()[pole[s]]);
            Complex b = new Complex(system.b()[2 * pole[s]], system.b()[2 * pole[s] + 1]);
            double dt = system.dt()[s / n];
            Complex lamBar = method.lamBar(a, dt);
            Complex bBar = method.inputFactor(a, dt).times(b);
            lamBarRe[s] = lamBar.re();
            lamBarIm[s] = lamBar.im();
            bBarRe[s] = bBar.re();
            bBarIm[s] = bBar.im();
        }
        return new S4dSystem(
                system.channels(),
                system.directions(),
                offsets,
                pole,
                lamBarRe,
                lamBarIm,
                bBarRe,
                bBarIm,
                parts(system.c(), 0),
                parts(system.c(), 1),
                system.d());
    }

    /** Every second value: the real parts (first 0) or the imaginary parts (first 1) of (..., 2). */
    private static double[] parts(double[] complex, int first) {
        double[] out = new double[complex.length / 2];
        for (int i = 0; i < out.length; i++) {
            out[i] = complex[2 * i + first];
        }
        return out;
    }
}
