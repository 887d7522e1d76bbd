package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.nd4j.Ops.Transposed;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Causal grouped-query attention, a block of queries of a sequence at a time. */
final class Attention {

    private static final float NEVER = -1e30f;
    private static final long MAX_SCORES = 16L << 20; // of one block, all heads

    private final Ops ops;
    private final int heads;
    private final int kvHeads;
    private final int width;

    Attention(Ops ops, int heads, int kvHeads, int width) {
        this.ops = ops;
        this.heads = heads;
        this.kvHeads = kvHeads;
        this.width = width;
    }

    /** Writes (R, heads P) for the operands of {@link dev.coppice.worker.compute.LanguageOps#attention}. */
    void run(INDArray query, INDArray keys, INDArray values, Segments segments, Segments keySegments, INDArray out) {
        for (int s = 0; s < segments.count(); s++) {
            int seen = keySegments.length(s);
            int own = segments.length(s);
            int begin = segments.start(s);
            INDArray k = Ops.part(keys, 0, keySegments.start(s), keySegments.start(s) + (long) seen);
            INDArray v = Ops.part(values, 0, keySegments.start(s), keySegments.start(s) + (long) seen);
            int most = (int) Math.max(1, MAX_SCORES / Math.max(1, (long) heads * seen));
            for (int from = 0; from < own; from += most) {
                int count = Math.min(most, own - from);
                int past = seen - own + from;
                INDArray q = Ops.part(query, 0, begin + from, begin + from + (long) count);
                INDArray result = Ops.part(out, 0, begin + from, begin + from + (long) count);
                ops.arena().within(() -> block(q, k, v, past, result));
            }
        }
    }

    /** (rows, own P) as (own, rows, P). */
    private INDArray byHead(INDArray rows, int own) {
        return ops.copy(Ops.permuted(Ops.view(rows, rows.size(0), own, width), 1, 0, 2));
    }

    /** Queries the first of which sees {@code past} keys before its own. */
    private void block(INDArray query, INDArray keys, INDArray values, int past, INDArray out) {
        int count = (int) query.size(0);
        long seen = keys.size(0);
        INDArray q = Ops.view(byHead(query, heads), kvHeads, (long) heads / kvHeads * count, width);
        INDArray scores =
                ops.product(q, byHead(keys, kvHeads), Transposed.RIGHT).muli(1 / Math.sqrt(width));
        float[] mask = new float[(int) (count * seen)]; // (count, seen)
        for (int t = 0; t < count; t++) {
            Arrays.fill(mask, (int) (t * seen) + past + t + 1, (int) ((t + 1) * seen), NEVER);
        }
        INDArray rows = Ops.view(scores, heads, count, seen).addi(ops.floats(mask, 1, count, seen));
        rows.subi(ops.max(rows, 2));
        Ops.exp(rows);
        rows.divi(ops.sum(rows, 2));
        INDArray result = Ops.view(ops.product(scores, byHead(values, kvHeads), Transposed.NONE), heads, count, width);
        Ops.view(out, count, heads, width).assign(Ops.permuted(result, 1, 0, 2));
    }
}
