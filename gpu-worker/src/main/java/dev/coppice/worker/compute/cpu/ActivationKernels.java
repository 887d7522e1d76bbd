package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Gelu;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * GELU and gates: what goes into the elementary function is written to an array that stays in the first-level cache, and its
 * result is taken from there. Tensors are padded to whole vectors, so the last one may compute lanes that nobody reads. R
 * rows, H channels.
 */
final class ActivationKernels {

    private static final int TILE = 1024; // floats, a multiple of every vector's length

    private ActivationKernels() {}

    static void gelu(CpuTensor x, Gelu form, CpuTensor out) {
        int size = x.size();
        float[] scratch = new float[TILE];
        for (int from = 0; from < size; from += TILE) {
            int count = Math.min(TILE, size - from);
            if (form == Gelu.TANH) {
                geluTanh(x.buffer(), from, count, scratch, out.buffer());
            } else {
                geluErf(x.buffer(), from, count, scratch, out.buffer());
            }
        }
    }

    /** x / (1 + e^-2z) with z = sqrt(2/pi) (x + 0.044715 x^3), since 0.5 (1 + tanh z) = 1 / (1 + e^-2z). */
    private static void geluTanh(ByteBuffer x, int from, int count, float[] powers, ByteBuffer out) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector value = Lanes.load(x, from + i);
            value.mul(value)
                    .fma(Lanes.broadcast(0.044715f), Lanes.broadcast(1f))
                    .mul(value)
                    .mul(-1.5957691216f) // -2 sqrt(2/pi)
                    .intoArray(powers, i);
        }
        Functions.exp(powers, count);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector power = FloatVector.fromArray(Lanes.SPECIES, powers, i);
            Lanes.store(Lanes.load(x, from + i).div(power.add(1f)), out, from + i);
        }
    }

    /** 0.5 x (1 + erf(x / sqrt 2)). */
    private static void geluErf(ByteBuffer x, int from, int count, float[] shares, ByteBuffer out) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            Lanes.load(x, from + i).mul(0.70710678f).intoArray(shares, i);
        }
        Functions.erf(shares, count);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector share = FloatVector.fromArray(Lanes.SPECIES, shares, i).add(1f);
            Lanes.store(Lanes.load(x, from + i).mul(0.5f).mul(share), out, from + i);
        }
    }

    /** value * sigmoid(gate) + residual, as value / (1 + e^-gate) + residual. */
    static void gate(CpuTensor value, CpuTensor gate, @Nullable CpuTensor residual, CpuTensor out) {
        int size = value.size();
        float[] powers = new float[TILE];
        for (int from = 0; from < size; from += TILE) {
            int count = Math.min(TILE, size - from);
            negate(gate.buffer(), from, count, powers);
            Functions.exp(powers, count);
            if (residual == null) {
                gated(value.buffer(), from, count, powers, out.buffer(), from);
            } else {
                gatedPlus(value.buffer(), residual.buffer(), from, count, powers, out.buffer());
            }
        }
    }

    private static void negate(ByteBuffer gate, int from, int count, float[] out) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            Lanes.load(gate, from + i).neg().intoArray(out, i);
        }
    }

    private static void gated(ByteBuffer value, int from, int count, float[] powers, ByteBuffer out, int to) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector power = FloatVector.fromArray(Lanes.SPECIES, powers, i);
            Lanes.store(Lanes.load(value, from + i).div(power.add(1f)), out, to + i);
        }
    }

    private static void gatedPlus(
            ByteBuffer value, ByteBuffer residual, int from, int count, float[] powers, ByteBuffer out) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector power = FloatVector.fromArray(Lanes.SPECIES, powers, i);
            FloatVector gated = Lanes.load(value, from + i).div(power.add(1f));
            Lanes.store(gated.add(Lanes.load(residual, from + i)), out, from + i);
        }
    }

    /** x (R, 2H), out (R, H). */
    static void glu(CpuTensor x, CpuTensor out) {
        int channels = out.columns();
        RowTail tail = new RowTail(channels);
        float[] powers = new float[tail.whole() + Lanes.COUNT];
        for (int row = 0; row < out.rows(); row++) {
            int value = row * 2 * channels;
            int gate = value + channels;
            int to = row * channels;
            negate(x.buffer(), gate, tail.whole(), powers);
            if (tail.rest() > 0) {
                tail.load(x.buffer(), gate + tail.whole()).neg().intoArray(powers, tail.whole());
            }
            Functions.exp(powers, channels);
            gated(x.buffer(), value, tail.whole(), powers, out.buffer(), to);
            if (tail.rest() > 0) {
                FloatVector power = FloatVector.fromArray(Lanes.SPECIES, powers, tail.whole());
                FloatVector last = tail.load(x.buffer(), value + tail.whole());
                tail.store(last.div(power.add(1f)), out.buffer(), to + tail.whole());
            }
        }
    }
}
