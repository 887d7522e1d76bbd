package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Gelu;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * Element-by-element operations. Tensors are padded to whole vectors, so the last one may compute lanes that nobody reads.
 * R rows, H channels.
 */
final class ElementKernels {

    private ElementKernels() {}

    static void gelu(CpuTensor x, Gelu form, CpuTensor out) {
        int n = x.size();
        ByteBuffer from = x.buffer();
        ByteBuffer to = out.buffer();
        if (form == Gelu.TANH) {
            for (int i = 0; i < n; i += Lanes.COUNT) {
                Lanes.store(Lanes.geluTanh(Lanes.load(from, i)), to, i);
            }
        } else {
            for (int i = 0; i < n; i += Lanes.COUNT) {
                Lanes.store(Lanes.geluErf(Lanes.load(from, i)), to, i);
            }
        }
    }

    static void gate(CpuTensor value, CpuTensor gate, @Nullable CpuTensor residual, CpuTensor out) {
        int n = value.size();
        ByteBuffer v = value.buffer();
        ByteBuffer g = gate.buffer();
        ByteBuffer to = out.buffer();
        if (residual == null) {
            for (int i = 0; i < n; i += Lanes.COUNT) {
                Lanes.store(Lanes.load(v, i).mul(Lanes.sigmoid(Lanes.load(g, i))), to, i);
            }
        } else {
            ByteBuffer r = residual.buffer();
            for (int i = 0; i < n; i += Lanes.COUNT) {
                FloatVector gated = Lanes.load(v, i).fma(Lanes.sigmoid(Lanes.load(g, i)), Lanes.load(r, i));
                Lanes.store(gated, to, i);
            }
        }
    }

    static void add(CpuTensor a, CpuTensor b, CpuTensor out) {
        for (int i = 0; i < a.size(); i += Lanes.COUNT) {
            Lanes.store(Lanes.load(a.buffer(), i).add(Lanes.load(b.buffer(), i)), out.buffer(), i);
        }
    }

    /** x (R, 2H), out (R, H). */
    static void glu(CpuTensor x, CpuTensor out) {
        int channels = out.columns();
        RowTail tail = new RowTail(channels);
        for (int row = 0; row < out.rows(); row++) {
            int value = row * 2 * channels;
            int to = row * channels;
            for (int h = 0; h < tail.whole(); h += Lanes.COUNT) {
                FloatVector gate = Lanes.sigmoid(Lanes.load(x.buffer(), value + channels + h));
                Lanes.store(Lanes.load(x.buffer(), value + h).mul(gate), out.buffer(), to + h);
            }
            if (tail.rest() > 0) {
                int h = tail.whole();
                FloatVector gate = Lanes.sigmoid(tail.load(x.buffer(), value + channels + h));
                tail.store(tail.load(x.buffer(), value + h).mul(gate), out.buffer(), to + h);
            }
        }
    }

    /** x (R, H) * scale (H) + shift (H). */
    static void channelAffine(CpuTensor x, CpuTensor scale, CpuTensor shift, CpuTensor out) {
        int channels = x.columns();
        RowTail tail = new RowTail(channels);
        for (int row = 0; row < x.rows(); row++) {
            int at = row * channels;
            for (int h = 0; h < tail.whole(); h += Lanes.COUNT) {
                FloatVector y = Lanes.load(x.buffer(), at + h)
                        .fma(Lanes.load(scale.buffer(), h), Lanes.load(shift.buffer(), h));
                Lanes.store(y, out.buffer(), at + h);
            }
            if (tail.rest() > 0) {
                int h = tail.whole();
                FloatVector y =
                        tail.load(x.buffer(), at + h).fma(tail.load(scale.buffer(), h), tail.load(shift.buffer(), h));
                tail.store(y, out.buffer(), at + h);
            }
        }
    }

    /** Adds a product in each channel, in place: y (R, H) += u (R, H) * d (H). */
    static void addScaled(CpuTensor y, CpuTensor u, CpuTensor d) {
        int channels = y.columns();
        RowTail tail = new RowTail(channels);
        for (int row = 0; row < y.rows(); row++) {
            int at = row * channels;
            for (int h = 0; h < tail.whole(); h += Lanes.COUNT) {
                FloatVector sum =
                        Lanes.load(u.buffer(), at + h).fma(Lanes.load(d.buffer(), h), Lanes.load(y.buffer(), at + h));
                Lanes.store(sum, y.buffer(), at + h);
            }
            if (tail.rest() > 0) {
                int h = tail.whole();
                FloatVector sum =
                        tail.load(u.buffer(), at + h).fma(tail.load(d.buffer(), h), tail.load(y.buffer(), at + h));
                tail.store(sum, y.buffer(), at + h);
            }
        }
    }
}
