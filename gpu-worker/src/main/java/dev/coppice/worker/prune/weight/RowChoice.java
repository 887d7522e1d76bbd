package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.Compute;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what to prune of a row by the scores of that row alone: the smallest of each run of weights. Threads share it.
 *
 * @param ratio of a row to prune; null with a pattern
 * @param pattern N:M; null for whole rows
 */
record RowChoice(@Nullable BigDecimal ratio, @Nullable Pattern pattern) {

    /** The floor(inputs ratio) smallest scores of each row. */
    static RowChoice of(BigDecimal ratio) {
        return new RowChoice(ratio, null);
    }

    /** The N smallest of each group of M. */
    static RowChoice of(Pattern pattern) {
        return new RowChoice(null, pattern);
    }

    /** The matrices without what is chosen, on the device where that can. */
    List<PrunedMatrix> prune(Compute compute, List<Scored> matrices) {
        List<PrunedMatrix> pruned = new ArrayList<>();
        for (Scored scored : matrices) {
            int run = run(scored.matrix().inputs());
            PrunedMatrix onDevice = DevicePruning.runs(compute, scored, run, count(run));
            pruned.add(onDevice == null ? onHost(compute, scored) : onDevice);
        }
        return pruned;
    }

    private int run(int columns) {
        return pattern == null ? columns : pattern.group();
    }

    private int count(int run) {
        return pattern != null ? pattern.pruned() : ratio == null ? 0 : Math.toIntExact(Selection.count(run, ratio));
    }

    /** The rows are shared among the threads of {@code compute}. */
    private PrunedMatrix onHost(Compute compute, Scored scored) {
        Zeroing zeroing = new Zeroing(scored);
        int run = run(scored.matrix().inputs());
        int count = count(run);
        compute.onHost(scored.pieces(), piece -> {
            float[] scores = scored.score(piece); // (rows, inputs)
            boolean[] marks = new boolean[scores.length]; // (rows, inputs)
            int[] scratch = new int[run];
            for (int from = 0; from < scores.length; from += run) {
                Selection.smallest(scores, from, run, count, scratch, marks);
            }
            zeroing.zero(piece, marks);
        });
        return zeroing.result();
    }
}
