package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.nd4j.Ops.Transposed;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Causal grouped-query attention: several sequences at a time, padded to the longest of them, or a block of queries of a long one. */
final class Attention {

    private static final float NEVER = -1e30f;
    /** Scores of one block, of all heads together, that take little memory. */
    static final long MAX_SCORES = 16L << 20;

    private static final int MOST_PADDED = 2; // times the scores that are needed
    private static final long SMALL = 1L << 16; // padded scores that cost less than another block's operations

    private final Ops ops;
    private final int heads;
    private final int kvHeads;
    private final int width;
    private final long maxScores;

    Attention(Ops ops, int heads, int kvHeads, int width, long maxScores) {
        this.ops = ops;
        this.heads = heads;
        this.kvHeads = kvHeads;
        this.width = width;
        this.maxScores = maxScores;
    }

    /** Writes (R, heads P) for the operands of {@link dev.coppice.worker.compute.LanguageOps#attention}. */
    void run(INDArray query, INDArray keys, INDArray values, Segments segments, Segments keySegments, INDArray out) {
        int next;
        for (int first = 0; first < segments.count(); first = next) {
            next = after(first, segments, keySegments);
            Segments seen = some(keySegments, first, next);
            if (segments.start(first) == segments.start(next)) {
                continue; // no queries
            }
            INDArray k = rows(keys, keySegments.start(first), seen.rows());
            INDArray v = rows(values, keySegments.start(first), seen.rows());
            int rows = segments.start(next) - segments.start(first);
            int most = next - first > 1 ? rows : (int) Math.max(1, maxScores / ((long) heads * seen.rows()));
            for (int from = 0; from < rows; from += most) {
                int count = Math.min(most, rows - from);
                Segments own = count == rows ? some(segments, first, next) : Segments.ofLengths(count);
                int later = rows - from - count; // queries of the same sequence that follow the block's
                INDArray q = rows(query, segments.start(first) + from, count);
                INDArray result = rows(out, segments.start(first) + from, count);
                ops.arena().within(() -> block(q, own, k, v, seen, later, result));
            }
        }
    }

    /** The end of a run of sequences, from {@code first} on, whose scores fit one block without much padding. */
    private int after(int first, Segments segments, Segments keySegments) {
        long needed = 0;
        long longest = 0;
        long mostSeen = 0;
        int next = first;
        while (next < segments.count()) {
            needed += (long) segments.length(next) * keySegments.length(next);
            longest = Math.max(longest, segments.length(next));
            mostSeen = Math.max(mostSeen, keySegments.length(next));
            long padded = (next + 1 - first) * longest * mostSeen;
            if (next > first && (heads * padded > maxScores || padded > MOST_PADDED * needed + SMALL)) {
                return next;
            }
            next++;
        }
        return next;
    }

    private static Segments some(Segments segments, int first, int next) {
        return Segments.ofLengths(
                IntStream.range(first, next).map(segments::length).toArray());
    }

    private static INDArray rows(INDArray matrix, long from, long count) {
        return Ops.part(matrix, 0, from, from + count);
    }

    /** Packed rows (R, own P) as (S, own, T, P), zero beyond each sequence's end. */
    private INDArray byHead(INDArray rows, Packing packing, int own) {
        INDArray padded = packing.pad(ops, rows);
        return ops.copy(Ops.permuted(Ops.view(padded, packing.sequences(), packing.steps(), own, width), 0, 2, 1, 3));
    }

    /** Queries of some sequences, each of which ends {@code later} steps before its keys do. */
    private void block(
            INDArray query, Segments own, INDArray keys, INDArray values, Segments seen, int later, INDArray out) {
        Packing queries = new Packing(own, 1);
        Packing past = new Packing(seen, 1);
        long sequences = own.count();
        long group = (long) heads / kvHeads * queries.steps(); // rows that share a head of the keys
        INDArray q = Ops.view(byHead(query, queries, heads), sequences * kvHeads, group, width);
        INDArray k = Ops.view(byHead(keys, past, kvHeads), sequences * kvHeads, past.steps(), width);
        INDArray v = Ops.view(byHead(values, past, kvHeads), sequences * kvHeads, past.steps(), width);
        INDArray scores = ops.product(q, k, Transposed.RIGHT).muli(1 / Math.sqrt(width));
        INDArray rows = Ops.view(scores, sequences, heads, queries.steps(), past.steps());
        rows.addi(mask(own, seen, later, queries.steps(), past.steps()));
        rows.subi(ops.max(rows, 3));
        Ops.exp(rows);
        rows.divi(ops.sum(rows, 3));
        INDArray result = Ops.view(ops.product(scores, v, Transposed.NONE), sequences, heads, queries.steps(), width);
        INDArray block = ops.copy(Ops.permuted(result, 0, 2, 1, 3));
        out.assign(queries.pack(ops, Ops.view(block, sequences * queries.steps(), (long) heads * width)));
    }

    /** Nothing where a query may look, else a number that leaves nothing of a score, (S, 1, T, U). */
    private INDArray mask(Segments own, Segments seen, int later, int steps, int keys) {
        float[] mask = new float[own.count() * steps * keys]; // (S, T, U)
        for (int s = 0; s < own.count(); s++) {
            int before = seen.length(s) - own.length(s) - later; // keys before the first query's own
            for (int t = 0; t < steps; t++) {
                int row = (s * steps + t) * keys;
                Arrays.fill(mask, row + Math.min(keys, before + t + 1), row + keys, NEVER);
            }
        }
        return ops.floats(mask, own.count(), 1, steps, keys);
    }
}
