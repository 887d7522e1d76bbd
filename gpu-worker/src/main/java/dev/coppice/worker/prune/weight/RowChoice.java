package dev.coppice.worker.prune.weight;

import java.math.BigDecimal;
import java.math.RoundingMode;

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
        return (scores, from, length, scratch, marks) ->
                Selection.smallest(scores, from, length, count(length, ratio), scratch, marks);
    }

    /** The N smallest of each group of M. */
    static RowChoice of(Pattern pattern) {
        return (scores, from, length, scratch, marks) -> {
            for (int group = from; group < from + length; group += pattern.group()) {
                Selection.smallest(scores, group, pattern.group(), pattern.pruned(), scratch, marks);
            }
        };
    }

    /** floor(n ratio), in decimal arithmetic. */
    static int count(int n, BigDecimal ratio) {
        return ratio.multiply(BigDecimal.valueOf(n))
                .setScale(0, RoundingMode.FLOOR)
                .intValueExact();
    }
}
