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

    /** Rows that pass a vector of channels' factors while these stay in registers. */
    private static final int ROWS = 16;

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
        int n = a.size();
        ByteBuffer left = a.buffer();
        ByteBuffer right = b.buffer();
        ByteBuffer to = out.buffer();
        for (int i = 0; i < n; i += Lanes.COUNT) {
            Lanes.store(Lanes.load(left, i).add(Lanes.load(right, i)), to, i);
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

    /** x (R, H) * scale (H) + shift (H), or without a shift. */
    static void channelAffine(CpuTensor x, CpuTensor scale, @Nullable CpuTensor shift, CpuTensor out) {
        int channels = x.columns();
        int rows = Math.toIntExact(x.rows());
        RowTail tail = new RowTail(channels);
        ByteBuffer from = x.buffer();
        ByteBuffer to = out.buffer();
        for (int row = 0; row < rows; row += ROWS) {
            int end = Math.min(rows, row + ROWS) * channels;
            for (int h = 0; h < tail.whole(); h += Lanes.COUNT) {
                FloatVector factor = Lanes.load(scale.buffer(), h);
                FloatVector offset = shift == null ? Lanes.broadcast(0f) : Lanes.load(shift.buffer(), h);
                for (int at = row * channels + h; at < end; at += channels) {
                    Lanes.store(Lanes.load(from, at).fma(factor, offset), to, at);
                }
            }
            if (tail.rest() > 0) {
                int h = tail.whole();
                FloatVector factor = tail.load(scale.buffer(), h);
                FloatVector offset = shift == null ? Lanes.broadcast(0f) : tail.load(shift.buffer(), h);
                for (int at = row * channels + h; at < end; at += channels) {
                    tail.store(tail.load(from, at).fma(factor, offset), to, at);
                }
            }
        }
    }
}
