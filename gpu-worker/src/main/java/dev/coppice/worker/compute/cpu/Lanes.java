package dev.coppice.worker.compute.cpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementary functions on float32 vectors, from lane arithmetic alone. The JDK's own EXP and TANH differ in the last bit
 * between interpreted and compiled code; these give the same bits everywhere, whatever lane an element falls into.
 */
final class Lanes {

    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int COUNT = SPECIES.length();
    static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f; // exact in 9 bits, so n * LN2_HIGH is exact
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float ROUND = 12582912f; // 1.5 * 2^23: adding it rounds to an integer in the low bits

    private Lanes() {}

    static FloatVector load(ByteBuffer buffer, int index) {
        return FloatVector.fromByteBuffer(SPECIES, buffer, index * Float.BYTES, ORDER);
    }

    static void store(FloatVector vector, ByteBuffer buffer, int index) {
        vector.intoByteBuffer(buffer, index * Float.BYTES, ORDER);
    }

    static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    /**
     * e^x to 2 ulp for x in [-87, 88], and the value at the nearer bound outside. Reduction by ln 2 in two parts
     * (Cody and Waite), then the Taylor polynomial of degree 7 on [-ln2/2, ln2/2].
     */
    static FloatVector exp(FloatVector argument) {
        FloatVector x = argument.max(-87f).min(88f);
        FloatVector shifted = x.mul(LOG2_E).add(ROUND);
        FloatVector n = shifted.sub(ROUND);
        FloatVector r = n.fma(broadcast(-LN2_HIGH), x);
        r = n.fma(broadcast(-LN2_LOW), r);
        FloatVector p = broadcast(1f / 5040);
        p = p.fma(r, broadcast(1f / 720));
        p = p.fma(r, broadcast(1f / 120));
        p = p.fma(r, broadcast(1f / 24));
        p = p.fma(r, broadcast(1f / 6));
        p = p.fma(r, broadcast(0.5f));
        p = p.fma(r, broadcast(1f));
        p = p.fma(r, broadcast(1f));
        return p.reinterpretAsInts()
                .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats();
    }

    /** 1 / (1 + e^-x). */
    static FloatVector sigmoid(FloatVector x) {
        return broadcast(1f).div(exp(x.neg()).add(1f));
    }

    /** GELU, tanh form: 0.5 (1 + tanh z) = sigmoid(2 z) saves the tanh. */
    static FloatVector geluTanh(FloatVector x) {
        FloatVector cubic = x.mul(x).fma(broadcast(0.044715f), broadcast(1f)).mul(x);
        return x.mul(sigmoid(cubic.mul(1.5957691216f))); // 2 sqrt(2/pi)
    }

    /** GELU, exact form. */
    static FloatVector geluErf(FloatVector x) {
        return x.mul(0.5f).mul(erf(x.mul(0.70710678f)).add(1f));
    }

    /** The error function to 2.5e-7 absolute: an odd rational minimax approximation of degrees 13 and 8 on [-4, 4]. */
    static FloatVector erf(FloatVector argument) {
        FloatVector x = argument.max(-4f).min(4f);
        FloatVector x2 = x.mul(x);
        FloatVector p = broadcast(-2.72614225801306e-10f);
        p = p.fma(x2, broadcast(2.77068142495902e-08f));
        p = p.fma(x2, broadcast(-2.10102402082508e-06f));
        p = p.fma(x2, broadcast(-5.69250639462346e-05f));
        p = p.fma(x2, broadcast(-7.34990630326855e-04f));
        p = p.fma(x2, broadcast(-2.95459980854025e-03f));
        p = p.fma(x2, broadcast(-1.60960333262415e-02f));
        FloatVector q = broadcast(-1.45660718464996e-05f);
        q = q.fma(x2, broadcast(-2.13374055278905e-04f));
        q = q.fma(x2, broadcast(-1.68282697438203e-03f));
        q = q.fma(x2, broadcast(-7.37332916720468e-03f));
        q = q.fma(x2, broadcast(-1.42647390514189e-02f));
        return x.mul(p).div(q);
    }
}
