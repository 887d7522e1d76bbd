package dev.coppice.worker.compute.cpu;

import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/** Root-mean-square norms and swish gates, row by row. R rows, D channels. */
final class GateKernels {

    private static final int ROWS = 32; // of a piece

    private GateKernels() {}

    /** x / sqrt(mean(x^2) + epsilon) * scale; x (R, D), scale (D). */
    static void rmsNorm(CpuTensor x, CpuTensor scale, double epsilon, CpuTensor out, Workers workers) {
        int channels = x.columns();
        int rows = Math.toIntExact(x.rows());
        float[] factors = FloatRows.read(scale.buffer(), 0, channels);
        workers.run(Workers.pieces(rows, ROWS), (piece, scratch) -> {
            float[] row = FloatRows.scratch(channels);
            for (int r = piece * ROWS; r < Math.min(rows, (piece + 1) * ROWS); r++) {
                FloatRows.load(x.buffer(), r * channels, channels, row);
                normalise(row, 0, channels, factors, epsilon);
                FloatRows.store(row, channels, out.buffer(), r * channels);
            }
        });
    }

    /** RMS norm of x * silu(gate) in each of {@code groups} runs of channels, times scale. */
    static void gatedRmsNorm(
            CpuColumns x,
            CpuColumns gate,
            CpuTensor scale,
            int groups,
            double epsilon,
            CpuTensor out,
            Workers workers) {
        int channels = x.count();
        int width = channels / groups;
        int rows = Math.toIntExact(out.rows());
        float[] factors = FloatRows.read(scale.buffer(), 0, channels);
        float[] noBias = FloatRows.scratch(channels);
        workers.run(Workers.pieces(rows, ROWS), (piece, scratch) -> {
            float[] row = FloatRows.scratch(channels);
            float[] powers = FloatRows.scratch(channels);
            for (int r = piece * ROWS; r < Math.min(rows, (piece + 1) * ROWS); r++) {
                gated(x, gate, r, noBias, row, powers);
                for (int g = 0; g < groups; g++) {
                    normalise(row, g * width, width, factors, epsilon);
                }
                FloatRows.store(row, channels, out.buffer(), r * channels);
            }
        });
    }

    /** x * silu(gate + bias). */
    static void siluGate(CpuColumns x, CpuColumns gate, @Nullable CpuTensor bias, CpuTensor out, Workers workers) {
        int channels = x.count();
        int rows = Math.toIntExact(out.rows());
        float[] offsets = bias == null ? FloatRows.scratch(channels) : FloatRows.read(bias.buffer(), 0, channels);
        workers.run(Workers.pieces(rows, ROWS), (piece, scratch) -> {
            float[] row = FloatRows.scratch(channels);
            float[] powers = FloatRows.scratch(channels);
            for (int r = piece * ROWS; r < Math.min(rows, (piece + 1) * ROWS); r++) {
                gated(x, gate, r, offsets, row, powers);
                FloatRows.store(row, channels, out.buffer(), r * channels);
            }
        });
    }

    /** out = x g / (1 + e^-g) with g = gate + bias, for one row; {@code powers} is scratch. */
    private static void gated(CpuColumns x, CpuColumns gate, int row, float[] bias, float[] out, float[] powers) {
        int channels = x.count();
        int whole = channels - channels % Lanes.COUNT;
        int xAt = x.row(row);
        int gateAt = gate.row(row);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector g = Lanes.load(gate.buffer(), gateAt + i).add(FloatVector.fromArray(Lanes.SPECIES, bias, i));
            Lanes.load(x.buffer(), xAt + i).mul(g).intoArray(out, i);
            g.neg().intoArray(powers, i);
        }
        for (int i = whole; i < channels; i++) {
            float g = gate.value(row, i) + bias[i];
            out[i] = x.value(row, i) * g;
            powers[i] = -g;
        }
        Functions.exp(powers, channels);
        for (int i = 0; i < channels; i += Lanes.COUNT) {
            FloatVector power = FloatVector.fromArray(Lanes.SPECIES, powers, i);
            FloatVector.fromArray(Lanes.SPECIES, out, i).div(power.add(1f)).intoArray(out, i);
        }
    }

    /** In place over {@code width} channels from {@code from} on. */
    private static void normalise(float[] row, int from, int width, float[] scale, double epsilon) {
        float rate = (float) (1 / Math.sqrt(sumOfSquares(row, from, width) / width + epsilon));
        int whole = width - width % Lanes.COUNT;
        for (int i = from; i < from + whole; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.SPECIES, row, i)
                    .mul(rate)
                    .mul(FloatVector.fromArray(Lanes.SPECIES, scale, i))
                    .intoArray(row, i);
        }
        for (int i = from + whole; i < from + width; i++) {
            row[i] = row[i] * rate * scale[i];
        }
    }

    private static double sumOfSquares(float[] row, int from, int width) {
        int whole = width - width % Lanes.COUNT;
        FloatVector sums = FloatVector.zero(Lanes.SPECIES);
        for (int i = from; i < from + whole; i += Lanes.COUNT) {
            FloatVector x = FloatVector.fromArray(Lanes.SPECIES, row, i);
            sums = x.fma(x, sums);
        }
        float[] lanes = new float[Lanes.COUNT];
        sums.intoArray(lanes, 0);
        double total = 0;
        for (float lane : lanes) {
            total += lane;
        }
        for (int i = from + whole; i < from + width; i++) {
            total += (double) row[i] * row[i];
        }
        return total;
    }
}
