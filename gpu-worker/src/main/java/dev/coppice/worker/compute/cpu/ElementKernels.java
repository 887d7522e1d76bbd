package dev.coppice.worker.compute.cpu;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * Sums and products, element by element. Tensors are padded to whole vectors, so the last one may compute lanes that nobody reads.
 * R rows, H channels.
 */
final class ElementKernels {

    /** Rows that pass a vector of channels' factors while these stay in registers. */
    private static final int ROWS = 16;

    private ElementKernels() {}

    static void add(CpuTensor a, CpuTensor b, CpuTensor out) {
        int n = a.size();
        ByteBuffer left = a.buffer();
        ByteBuffer right = b.buffer();
        ByteBuffer to = out.buffer();
        for (int i = 0; i < n; i += Lanes.COUNT) {
            Lanes.store(Lanes.load(left, i).add(Lanes.load(right, i)), to, i);
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
