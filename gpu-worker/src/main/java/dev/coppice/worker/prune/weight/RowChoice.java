package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.Compute;
import java.math.BigDecimal;

/** Chooses what to prune of a row by the scores of that row alone. Threads share it. */
@FunctionalInterface
interface RowChoice {

    /**
     * Marks what is pruned of one row.
     *
     * @param scores of several rows
     * @param from where the row begins in them
     * @param length of the row
     * @param scratch room for a row
     * @param marks (as scores)
     */
    void mark(float[] scores, int from, int length, float[] scratch, boolean[] marks);

    /** The floor(inputs ratio) smallest scores of each row. */
    static RowChoice of(BigDecimal ratio) {
        return (scores, from, length, scratch, marks) -> Selection.smallest(
                scores, from, length, Math.toIntExact(Selection.count(length, ratio)), scratch, marks);
    }

    /** The N smallest of each group of M. */
    static RowChoice of(Pattern pattern) {
        return (scores, from, length, scratch, marks) -> {
            for (int group = from; group < from + length; group += pattern.group()) {
                Selection.smallest(scores, group, pattern.group(), pattern.pruned(), scratch, marks);
            }
        };
    }

    /** The matrix without what is chosen; its rows are shared among the threads of {@code compute}. */
    default PrunedMatrix prune(Compute compute, Scored scored) {
        Zeroing zeroing = new Zeroing(scored);
        int columns = scored.matrix().inputs();
        compute.onHost(scored.pieces(), piece -> {
            float[] scores = scored.score(piece); // (rows, inputs)
            boolean[] marks = new boolean[scores.length]; // (rows, inputs)
            float[] scratch = new float[columns];
            for (int from = 0; from < scores.length; from += columns) {
                mark(scores, from, columns, scratch, marks);
            }
            zeroing.zero(piece, marks);
        });
        return zeroing.result();
    }
}
