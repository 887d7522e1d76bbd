package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.Compute;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * WANDA's variant (its authors' {@code use_variant}): in each row the smallest scores go whose sum stays within alpha times the sum of
 * the row, and all that equal the last of them. Alpha is found by bisection, from 0.4 in [0, 0.8], until the matrix has lost the ratio
 * to 0.001 or the bounds are as near.
 */
final class AlphaSearch {

    private static final double START = 0.4;
    private static final double HIGHEST = 0.8;
    private static final double TOLERANCE = 0.001;

    private final Compute compute;
    private final Scored scored;

    AlphaSearch(Compute compute, Scored scored) {
        this.compute = compute;
        this.scored = scored;
    }

    PrunedMatrix prune(BigDecimal ratio) {
        double wanted = ratio.doubleValue();
        double alpha = START;
        double low = 0;
        double high = HIGHEST;
        float[] thresholds = new float[scored.matrix().outputs()]; // (outputs)
        double lost = lost(alpha, thresholds);
        while (Math.abs(lost - wanted) > TOLERANCE && high - low >= TOLERANCE) {
            if (lost > wanted) {
                high = alpha;
                alpha = (alpha + low) / 2;
            } else {
                low = alpha;
                alpha = (alpha + high) / 2;
            }
            lost = lost(alpha, thresholds);
        }
        Zeroing zeroing = new Zeroing(scored);
        compute.onHost(scored.pieces(), piece -> {
            float[] scores = scored.score(piece);
            boolean[] marks = new boolean[scores.length];
            for (int i = 0; i < scores.length; i++) {
                marks[i] = scores[i]
                        <= thresholds[scored.first(piece) + i / scored.matrix().inputs()];
            }
            zeroing.zero(piece, marks);
        });
        return zeroing.result();
    }

    /** The fraction of the matrix that an alpha takes; its threshold for each row goes to {@code thresholds}. */
    private double lost(double alpha, float[] thresholds) {
        AtomicLong count = new AtomicLong();
        int columns = scored.matrix().inputs();
        compute.onHost(scored.pieces(), piece -> {
            float[] scores = scored.score(piece); // (rows, inputs)
            long own = 0;
            for (int row = 0; row < scored.rows(piece); row++) {
                int from = row * columns;
                Arrays.sort(scores, from, from + columns);
                int taken = within(alpha, scores, from, columns);
                thresholds[scored.first(piece) + row] = taken == 0 ? -1 : scores[from + taken - 1];
                while (taken > 0 && taken < columns && scores[from + taken] == scores[from + taken - 1]) {
                    taken++;
                }
                own += taken;
            }
            count.addAndGet(own);
        });
        return count.get() / (double) scored.matrix().weights();
    }

    /** How many of the ascending scores of a row sum to no more than alpha times all of them. */
    private static int within(double alpha, float[] scores, int from, int length) {
        double all = 0;
        for (int i = from; i < from + length; i++) {
            all += scores[i];
        }
        double sum = 0;
        int taken = 0;
        while (taken < length && sum + scores[from + taken] <= alpha * all) {
            sum += scores[from + taken++];
        }
        return taken;
    }
}
