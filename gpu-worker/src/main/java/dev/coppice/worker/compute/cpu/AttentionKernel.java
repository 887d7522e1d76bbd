package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.AttentionInputs;
import dev.coppice.worker.compute.Segments;
import jdk.incubator.vector.FloatVector;

/** Rotary positions and causal grouped-query attention over packed sequences. R rows, P head width. */
final class AttentionKernel {

    private static final int ROWS = 64; // query rows of a piece

    private AttentionKernel() {}

    /** (x1, x2) of each head becomes (x1 cos - x2 sin, x2 cos + x1 sin); x (R, heads P), frequencies (P/2). */
    static void rotate(CpuColumns x, int[] positions, double[] frequencies, CpuTensor out, Workers workers) {
        int half = frequencies.length;
        int heads = x.count() / (2 * half);
        workers.run(Workers.pieces(positions.length, ROWS), (piece, scratch) -> {
            for (int row = piece * ROWS; row < Math.min(positions.length, (piece + 1) * ROWS); row++) {
                for (int i = 0; i < half; i++) {
                    double angle = positions[row] * frequencies[i];
                    double cos = Math.cos(angle);
                    double sin = Math.sin(angle);
                    for (int head = 0; head < heads; head++) {
                        int column = head * 2 * half + i;
                        double first = x.value(row, column);
                        double second = x.value(row, column + half);
                        int to = row * x.count() + column;
                        out.buffer().putFloat(to * Float.BYTES, (float) (first * cos - second * sin));
                        out.buffer().putFloat((to + half) * Float.BYTES, (float) (second * cos + first * sin));
                    }
                }
            }
        });
    }

    /** Operands: query (R, heads P), keys and values (R', kvHeads P). */
    record Operands(
            CpuColumns query,
            CpuTensor keys,
            CpuTensor values,
            int heads,
            int kvHeads,
            Segments segments,
            Segments keySegments) {

        static Operands of(AttentionInputs in) {
            return new Operands(
                    CpuColumns.of(in.query()),
                    CpuTensor.of(in.keys()),
                    CpuTensor.of(in.values()),
                    in.heads(),
                    in.kvHeads(),
                    in.segments(),
                    in.keySegments());
        }
    }

    /** out (R, heads P). */
    static void attention(Operands in, CpuTensor out, Workers workers) {
        for (int s = 0; s < in.segments().count(); s++) {
            int sequence = s;
            int blocks = Workers.pieces(in.segments().length(s), ROWS);
            workers.run(blocks * in.heads(), (piece, scratch) -> {
                int first = piece / in.heads() * ROWS;
                int rows = Math.min(ROWS, in.segments().length(sequence) - first);
                attend(in, sequence, piece % in.heads(), first, rows, scratch, out);
            });
        }
    }

    /** {@code rows} query rows of one head, from row {@code first} of the sequence on. */
    private static void attend(
            Operands in, int sequence, int head, int first, int rows, CpuArena scratch, CpuTensor out) {
        int width = in.query().count() / in.heads();
        int kvColumn = head / (in.heads() / in.kvHeads()) * width;
        int kvStride = in.keys().columns();
        long kvAt = (long) in.keySegments().start(sequence) * kvStride + kvColumn;
        int earlier = in.keySegments().length(sequence) - in.segments().length(sequence);
        int keys = earlier + first + rows; // those that the last of the rows sees
        int row = in.segments().start(sequence) + first;
        CpuTensor scores = scratch.allocate(rows, keys);
        Block score = new Block(scores.pointer(), keys);
        Block query = in.query().block(row, head * width);
        Blas.timesTransposed(rows, keys, width, query, new Block(in.keys().at(kvAt), kvStride), 0f, score);
        float[] weights = FloatRows.scratch(keys);
        float scale = (float) (1 / Math.sqrt(width));
        for (int r = 0; r < rows; r++) {
            FloatRows.load(scores.buffer(), r * keys, keys, weights);
            softmax(weights, earlier + first + r + 1, keys, scale);
            FloatRows.store(weights, keys, scores.buffer(), r * keys);
        }
        Block to = new Block(out.at((long) row * out.columns() + head * width), out.columns());
        Blas.times(rows, width, keys, score, new Block(in.values().at(kvAt), kvStride), 0f, to);
    }

    /** Softmax of scale times the first {@code visible} of {@code count} scores, zero for the others. */
    private static void softmax(float[] scores, int visible, int count, float scale) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < visible; i++) {
            max = Math.max(max, scores[i]);
        }
        for (int i = 0; i < visible; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.SPECIES, scores, i).sub(max).mul(scale).intoArray(scores, i);
        }
        Functions.exp(scores, visible);
        for (int i = visible; i < count; i++) {
            scores[i] = 0;
        }
        double sum = 0;
        for (int i = 0; i < visible; i++) {
            sum += scores[i];
        }
        float rate = (float) (1 / sum);
        for (int i = 0; i < visible; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.SPECIES, scores, i).mul(rate).intoArray(scores, i);
        }
    }
}
