package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.Carry;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * Mamba-1's recurrence (Gu and Dao 2023, algorithm 2), step by step over a run of channels whose states stay in the
 * first-level cache. R rows, S sequences, C channels, N states, W channels of a piece.
 */
final class SelectiveScanKernel {

    private static final int CHANNELS = 64; // W

    private final CpuTensor a; // (C, N)
    private final CpuTensor d; // (C)
    private final @Nullable CpuTensor dtBias; // (C)

    SelectiveScanKernel(CpuTensor a, CpuTensor d, @Nullable CpuTensor dtBias) {
        this.a = a;
        this.d = d;
        this.dtBias = dtBias;
    }

    /** y (R, C), state (S, C, N), or (0, C, N) where nothing is carried on. */
    void run(CpuScanInputs in, CpuTensor y, CpuTensor state, Workers workers) {
        int channels = a.shape()[0];
        int blocks = Workers.pieces(channels, CHANNELS);
        workers.run(in.segments().count() * blocks, (piece, scratch) -> {
            int from = piece % blocks * CHANNELS;
            scan(in, piece / blocks, from, Math.min(CHANNELS, channels - from), y, state);
        });
    }

    private void scan(CpuScanInputs in, int sequence, int channel, int count, CpuTensor y, CpuTensor state) {
        int states = a.columns();
        float[] rates = new float[states * CHANNELS]; // (N, W)
        float[] s = new float[states * CHANNELS]; // (N, W)
        float[] decays = new float[states * CHANNELS]; // (N, W)
        transpose(a, channel, count, rates);
        CpuTensor start = in.start();
        if (start != null) {
            transpose(start, in.parents()[sequence] * a.shape()[0] + channel, count, s);
        }
        float[] skip = new float[CHANNELS];
        FloatRows.load(d.buffer(), channel, count, skip);
        float[] x = new float[CHANNELS];
        float[] dt = new float[CHANNELS];
        float[] out = new float[CHANNELS];
        int begin = in.segments().start(sequence);
        for (int row = begin; row < begin + in.segments().length(sequence); row++) {
            FloatRows.load(in.x().buffer(), in.x().row(row) + channel, count, x);
            steps(in.dt(), row, channel, count, dt);
            decays(rates, dt, states, decays);
            Functions.exp(decays, decays.length);
            for (int i = 0; i < CHANNELS; i++) {
                out[i] = skip[i] * x[i];
                x[i] *= dt[i];
            }
            for (int n = 0; n < states; n++) {
                advance(n * CHANNELS, decays, x, in.b().value(row, n), in.c().value(row, n), s, out);
            }
            FloatRows.store(out, count, y.buffer(), row * y.columns() + channel);
        }
        if (in.carry() == Carry.STATES) {
            keep(s, sequence, channel, count, state);
        }
    }

    /** States (N, W) to rows of (S, C, N). */
    private void keep(float[] s, int sequence, int channel, int count, CpuTensor state) {
        int states = a.columns();
        for (int i = 0; i < count; i++) {
            int to = (sequence * a.shape()[0] + channel + i) * states;
            for (int n = 0; n < states; n++) {
                state.buffer().putFloat((to + n) * Float.BYTES, s[n * CHANNELS + i]);
            }
        }
    }

    /** Rows of {@code from} (.., N), {@code count} of them, as (N, W). */
    private void transpose(CpuTensor from, int row, int count, float[] to) {
        int states = a.columns();
        for (int i = 0; i < count; i++) {
            for (int n = 0; n < states; n++) {
                to[n * CHANNELS + i] = from.buffer().getFloat(((row + i) * states + n) * Float.BYTES);
            }
        }
    }

    private void steps(CpuColumns dt, int row, int channel, int count, float[] to) {
        for (int i = 0; i < count; i++) {
            float bias = dtBias == null ? 0 : dtBias.buffer().getFloat((channel + i) * Float.BYTES);
            to[i] = (float) Softplus.of((double) dt.value(row, channel + i) + bias);
        }
    }

    private static void decays(float[] rates, float[] dt, int states, float[] to) {
        for (int n = 0; n < states; n++) {
            for (int i = 0; i < CHANNELS; i += Lanes.COUNT) {
                FloatVector.fromArray(Lanes.SPECIES, rates, n * CHANNELS + i)
                        .mul(FloatVector.fromArray(Lanes.SPECIES, dt, i))
                        .intoArray(to, n * CHANNELS + i);
            }
        }
    }

    /** s = decay s + dt x b and y += s c, for state n of all channels of the piece. */
    private static void advance(int at, float[] decays, float[] x, float b, float c, float[] s, float[] out) {
        FloatVector output = Lanes.broadcast(c);
        for (int i = 0; i < CHANNELS; i += Lanes.COUNT) {
            FloatVector input = FloatVector.fromArray(Lanes.SPECIES, x, i).mul(b);
            FloatVector next = FloatVector.fromArray(Lanes.SPECIES, s, at + i)
                    .fma(FloatVector.fromArray(Lanes.SPECIES, decays, at + i), input);
            next.intoArray(s, at + i);
            next.fma(output, FloatVector.fromArray(Lanes.SPECIES, out, i)).intoArray(out, i);
        }
    }
}
