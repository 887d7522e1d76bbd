package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.Segments;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Packed sequences as a block of equally many steps, a multiple of a chunk; what is beyond a sequence's end is zero. */
final class Packing {

    private final Segments segments;
    private final int steps;

    Packing(Segments segments, int chunk) {
        this.segments = segments;
        steps = (longest(segments) + chunk - 1) / chunk * chunk;
    }

    /** Rows of the longest sequence. */
    static int longest(Segments segments) {
        int longest = 0;
        for (int s = 0; s < segments.count(); s++) {
            longest = Math.max(longest, segments.length(s));
        }
        return longest;
    }

    int sequences() {
        return segments.count();
    }

    int steps() {
        return steps;
    }

    private boolean isWhole() {
        return segments.rows() == segments.count() * steps;
    }

    /** Rows (R, C) as (S steps, C); the rows themselves where nothing is missing. */
    INDArray pad(Ops ops, INDArray rows) {
        if (isWhole()) {
            return rows;
        }
        long width = rows.size(1);
        if (segments.count() == 1) {
            INDArray block = ops.zeros(steps, width);
            Ops.part(block, 0, 0, segments.rows()).assign(rows);
            return block;
        }
        INDArray all = ops.take(segments.rows() + 1L, width);
        Ops.part(all, 0, 0, segments.rows()).assign(rows);
        Ops.part(all, 0, segments.rows(), segments.rows() + 1L).assign(0);
        int[] from = new int[segments.count() * steps];
        Arrays.fill(from, segments.rows());
        places((row, place) -> from[place] = row);
        return ops.pull(all, from);
    }

    /** The valid rows of (S steps, C), which is contiguous. */
    INDArray pack(Ops ops, INDArray block) {
        if (isWhole()) {
            return block;
        }
        if (segments.count() == 1) {
            return Ops.part(block, 0, 0, segments.rows());
        }
        int[] from = new int[segments.rows()];
        places((row, place) -> from[row] = place);
        return ops.pull(block, from);
    }

    private interface Pair {
        void of(int row, int place);
    }

    private void places(Pair pair) {
        for (int s = 0; s < segments.count(); s++) {
            for (int t = 0; t < segments.length(s); t++) {
                pair.of(segments.start(s) + t, s * steps + t);
            }
        }
    }
}
