package dev.coppice.worker.compute.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Elementary functions of float32 arrays, in place, from lane arithmetic alone. The JDK's own EXP and TANH differ in the
 * last bit between interpreted and compiled code; these give the same bits everywhere, whatever lane an element falls into.
 *
 * <p>Each is one flat loop. Vector code split over several methods depends on the compiler's inlining, and where that
 * fails every vector becomes an object: half the speed, after seconds of running well.
 */
final class Functions {

    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f; // exact in 9 bits, so n * LN2_HIGH is exact
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float ROUND = 12582912f; // 1.5 * 2^23: adding it rounds to an integer in the low bits

    private Functions() {}

    /**
     * e^x to 2 ulp for x in [-87, 88], and the value at the nearer bound outside, for the first {@code count} elements; up
     * to a vector's length of what follows them changes too. Reduction by ln 2 in two parts (Cody and Waite), then the
     * Taylor polynomial of degree 7 on [-ln2/2, ln2/2].
     */
    static void exp(float[] x, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector argument =
                    FloatVector.fromArray(Lanes.SPECIES, x, i).max(-87f).min(88f);
            FloatVector shifted = argument.mul(LOG2_E).add(ROUND);
            FloatVector n = shifted.sub(ROUND);
            FloatVector r = n.fma(Lanes.broadcast(-LN2_HIGH), argument);
            r = n.fma(Lanes.broadcast(-LN2_LOW), r);
            FloatVector p = Lanes.broadcast(1f / 5040);
            p = p.fma(r, Lanes.broadcast(1f / 720));
            p = p.fma(r, Lanes.broadcast(1f / 120));
            p = p.fma(r, Lanes.broadcast(1f / 24));
            p = p.fma(r, Lanes.broadcast(1f / 6));
            p = p.fma(r, Lanes.broadcast(0.5f));
            p = p.fma(r, Lanes.broadcast(1f));
            p = p.fma(r, Lanes.broadcast(1f));
            p.reinterpretAsInts()
                    .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats()
                    .intoArray(x, i);
        }
    }

    /**
     * Sum of e^(x - shift), as {@link #exp} has it, over the first {@code count} elements and what fills up the last vector:
     * put negative infinity there, whose power adds nothing.
     */
    static double sumOfExponentials(float[] x, int count, float shift) {
        FloatVector sums = FloatVector.zero(Lanes.SPECIES);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector argument = FloatVector.fromArray(Lanes.SPECIES, x, i)
                    .sub(shift)
                    .max(-87f)
                    .min(88f);
            FloatVector shifted = argument.mul(LOG2_E).add(ROUND);
            FloatVector n = shifted.sub(ROUND);
            FloatVector r = n.fma(Lanes.broadcast(-LN2_HIGH), argument);
            r = n.fma(Lanes.broadcast(-LN2_LOW), r);
            FloatVector p = Lanes.broadcast(1f / 5040);
            p = p.fma(r, Lanes.broadcast(1f / 720));
            p = p.fma(r, Lanes.broadcast(1f / 120));
            p = p.fma(r, Lanes.broadcast(1f / 24));
            p = p.fma(r, Lanes.broadcast(1f / 6));
            p = p.fma(r, Lanes.broadcast(0.5f));
            p = p.fma(r, Lanes.broadcast(1f));
            p = p.fma(r, Lanes.broadcast(1f));
            sums = sums.add(p.reinterpretAsInts()
                    .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats());
        }
        float[] lanes = new float[Lanes.COUNT];
        sums.intoArray(lanes, 0);
        double total = 0;
        for (float lane : lanes) {
            total += lane;
        }
        return total;
    }

    /**
     * The error function to 3.5e-7 absolute, for the first {@code count} elements and up to a vector's length more: an odd
     * rational minimax approximation of degrees 13 and 8 on [-4, 4].
     */
    static void erf(float[] x, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector argument =
                    FloatVector.fromArray(Lanes.SPECIES, x, i).max(-4f).min(4f);
            FloatVector x2 = argument.mul(argument);
            FloatVector p = Lanes.broadcast(-2.72614225801306e-10f);
            p = p.fma(x2, Lanes.broadcast(2.77068142495902e-08f));
            p = p.fma(x2, Lanes.broadcast(-2.10102402082508e-06f));
            p = p.fma(x2, Lanes.broadcast(-5.69250639462346e-05f));
            p = p.fma(x2, Lanes.broadcast(-7.34990630326855e-04f));
            p = p.fma(x2, Lanes.broadcast(-2.95459980854025e-03f));
            p = p.fma(x2, Lanes.broadcast(-1.60960333262415e-02f));
            FloatVector q = Lanes.broadcast(-1.45660718464996e-05f);
            q = q.fma(x2, Lanes.broadcast(-2.13374055278905e-04f));
            q = q.fma(x2, Lanes.broadcast(-1.68282697438203e-03f));
            q = q.fma(x2, Lanes.broadcast(-7.37332916720468e-03f));
            q = q.fma(x2, Lanes.broadcast(-1.42647390514189e-02f));
            argument.mul(p).div(q).max(-1f).min(1f).intoArray(x, i); // rounding would go beyond 1
        }
    }
}
