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
                System.arraycopy(bias, 0, sums, 0, bias.length);
                for (int k = 0; k < taps.length; k++) {
                    int step = row - segments.start(sequence) - taps.length + 1 + k;
                    if (step >= 0) {
                        addTap(taps[k], x.buffer(), x.row(segments.start(sequence) + step), sums);
                    } else if (start != null) {
                        for (int c = 0; c < channels; c++) {
                            sums[c] += taps[k][c] * before(start, parents[sequence], c, step);
                        }
                    }
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
