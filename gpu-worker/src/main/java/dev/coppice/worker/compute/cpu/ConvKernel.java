package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.Segments;
import java.nio.ByteBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/** Depthwise causal convolution over packed sequences. R rows, C channels, K taps, S sequences. */
final class ConvKernel {

    private static final int ROWS = 32; // of a piece
    private static final int WIDTH = 4; // K with a kernel of its own

    private final float[][] taps; // K x (C)
    private final float[] bias; // (C)
    private final ConvActivation activation;
    private final int channels;

    /** weight (C, K), bias (C) or null. */
    ConvKernel(CpuTensor weight, @Nullable CpuTensor bias, ConvActivation activation) {
        this.activation = activation;
        channels = weight.shape()[0];
        int width = weight.columns();
        taps = new float[width][];
        for (int k = 0; k < width; k++) {
            taps[k] = FloatRows.scratch(channels);
            for (int c = 0; c < channels; c++) {
                taps[k][c] = weight.buffer().getFloat((c * width + k) * Float.BYTES);
            }
        }
        this.bias = bias == null ? FloatRows.scratch(channels) : FloatRows.read(bias.buffer(), 0, channels);
    }

    /**
     * y_t = act(bias + sum_k taps[k] x_(t-K+1+k)) in each sequence.
     *
     * @param start windows (S', C, K) before each sequence, by {@code parents}; null for zeros
     * @param out (R, C)
     * @param window (S, C, K): the last K inputs of each sequence, or (0, C, K) where nothing is carried on
     */
    void run(
            CpuColumns x,
            Segments segments,
            @Nullable CpuTensor start,
            int[] parents,
            CpuTensor out,
            CpuTensor window,
            Workers workers) {
        int[] sequenceOf = new int[segments.rows()];
        for (int s = 0; s < segments.count(); s++) {
            Arrays.fill(sequenceOf, segments.start(s), segments.start(s) + segments.length(s), s);
        }
        workers.run(Workers.pieces(segments.rows(), ROWS), (piece, scratch) -> {
            float[] sums = FloatRows.scratch(channels);
            float[] powers = FloatRows.scratch(channels);
            for (int row = piece * ROWS; row < Math.min(segments.rows(), (piece + 1) * ROWS); row++) {
                int sequence = sequenceOf[row];
                int step = row - segments.start(sequence);
                if (step >= WIDTH - 1 && taps.length == WIDTH) {
                    fourTaps(x, row, sums);
                } else {
                    anyTaps(x, segments.start(sequence), step, start, start == null ? 0 : parents[sequence], sums);
                }
                if (activation == ConvActivation.SILU) {
                    silu(sums, powers);
                }
                FloatRows.store(sums, channels, out.buffer(), row * channels);
            }
        });
        for (int s = 0; s < window.shape()[0]; s++) {
            keep(x, segments, s, start, parents, window);
        }
    }

    /** Input {@code step} (below 0) of channel c, from the window before the sequence. */
    private float before(CpuTensor start, int parent, int channel, int step) {
        int width = taps.length;
        return start.buffer().getFloat(((parent * channels + channel) * width + width + step) * Float.BYTES);
    }

    /** One row, {@code step} steps after the sequence's first, {@code first}. */
    private void anyTaps(CpuColumns x, int first, int step, @Nullable CpuTensor start, int parent, float[] sums) {
        System.arraycopy(bias, 0, sums, 0, bias.length);
        for (int k = 0; k < taps.length; k++) {
            int source = step - taps.length + 1 + k;
            if (source >= 0) {
                addTap(taps[k], x.buffer(), x.row(first + source), sums);
            } else if (start != null) {
                for (int c = 0; c < channels; c++) {
                    sums[c] += taps[k][c] * before(start, parent, c, source);
                }
            }
        }
    }

    /** One row whose inputs all lie in its sequence, for the width that all published models have. */
    private void fourTaps(CpuColumns x, int row, float[] sums) {
        ByteBuffer in = x.buffer();
        int last = x.row(row);
        int stride = x.stride();
        int whole = channels - channels % Lanes.COUNT;
        float[] a = taps[0];
        float[] b = taps[1];
        float[] c = taps[2];
        float[] d = taps[3];
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector sum = Lanes.load(in, last - 3 * stride + i)
                    .fma(FloatVector.fromArray(Lanes.SPECIES, a, i), FloatVector.fromArray(Lanes.SPECIES, bias, i));
            sum = Lanes.load(in, last - 2 * stride + i).fma(FloatVector.fromArray(Lanes.SPECIES, b, i), sum);
            sum = Lanes.load(in, last - stride + i).fma(FloatVector.fromArray(Lanes.SPECIES, c, i), sum);
            Lanes.load(in, last + i)
                    .fma(FloatVector.fromArray(Lanes.SPECIES, d, i), sum)
                    .intoArray(sums, i);
        }
        for (int i = whole; i < channels; i++) {
            sums[i] = bias[i]
                    + a[i] * x.value(row - 3, i)
                    + b[i] * x.value(row - 2, i)
                    + c[i] * x.value(row - 1, i)
                    + d[i] * x.value(row, i);
        }
    }

    private void addTap(float[] tap, ByteBuffer x, int at, float[] sums) {
        int whole = channels - channels % Lanes.COUNT;
        for (int c = 0; c < whole; c += Lanes.COUNT) {
            Lanes.load(x, at + c)
                    .fma(FloatVector.fromArray(Lanes.SPECIES, tap, c), FloatVector.fromArray(Lanes.SPECIES, sums, c))
                    .intoArray(sums, c);
        }
        for (int c = whole; c < channels; c++) {
            sums[c] += tap[c] * x.getFloat((at + c) * Float.BYTES);
        }
    }

    private void silu(float[] x, float[] powers) {
        for (int c = 0; c < channels; c += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.SPECIES, x, c).neg().intoArray(powers, c);
        }
        Functions.exp(powers, channels);
        for (int c = 0; c < channels; c += Lanes.COUNT) {
            FloatVector power = FloatVector.fromArray(Lanes.SPECIES, powers, c);
            FloatVector.fromArray(Lanes.SPECIES, x, c).div(power.add(1f)).intoArray(x, c);
        }
    }

    /** The last K inputs of a sequence, oldest first. */
    private void keep(
            CpuColumns x, Segments segments, int s, @Nullable CpuTensor start, int[] parents, CpuTensor window) {
        int width = taps.length;
        for (int c = 0; c < channels; c++) {
            for (int k = 0; k < width; k++) {
                int step = segments.length(s) - width + k;
                float value = 0;
                if (step >= 0) {
                    value = x.value(segments.start(s) + step, c);
                } else if (start != null) {
                    value = before(start, parents[s], c, step);
                }
                window.buffer().putFloat(((s * channels + c) * width + k) * Float.BYTES, value);
            }
        }
    }
}
