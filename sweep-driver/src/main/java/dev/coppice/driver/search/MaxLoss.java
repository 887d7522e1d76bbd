package dev.coppice.driver.search;

import dev.coppice.results.Metrics;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The largest ratio of a grid that loses less than a bound is asked for.
 *
 * @param points the bound: points of accuracy where the task has an accuracy, else per cent of the dense perplexity
 * @param grid the ratios that may be the answer, ascending
 */
public record MaxLoss(BigDecimal points, List<BigDecimal> grid) {

    /** A billionth of a point: differences of binary fractions are not the decimals that they stand for. */
    private static final double ROUNDING = 1e9;

    public MaxLoss {
        grid = List.copyOf(grid);
    }

    /**
     * What a pruned model loses against the dense one: 100 (a_dense - a) points of accuracy, else 100 (p / p_dense - 1) per
     * cent of perplexity, per token or else per word.
     *
     * @return null where they have no such figure in common
     */
    public static @Nullable Double loss(Metrics dense, Metrics pruned) {
        if (dense.accuracy() != null && pruned.accuracy() != null) {
            return rounded(100 * (dense.accuracy() - pruned.accuracy()));
        }
        if (dense.perplexity() != null && pruned.perplexity() != null) {
            return rounded(100 * (pruned.perplexity() / dense.perplexity() - 1));
        }
        return dense.wordPerplexity() == null || pruned.wordPerplexity() == null
                ? null
                : (Double) rounded(100 * (pruned.wordPerplexity() / dense.wordPerplexity() - 1));
    }

    /**
     * The mean loss over seeds.
     *
     * @return null where one of them has none
     */
    public static @Nullable Double meanLoss(Metrics dense, List<Metrics> pruned) {
        double sum = 0;
        for (Metrics metrics : pruned) {
            Double loss = loss(dense, metrics);
            if (loss == null) {
                return null;
            }
            sum += loss;
        }
        return pruned.isEmpty() ? null : (Double) rounded(sum / pruned.size());
    }

    private static double rounded(double loss) {
        return Double.isFinite(loss) ? Math.rint(loss * ROUNDING) / ROUNDING : loss;
    }

    /**
     * Judges a ratio.
     *
     * @param pruned what its jobs that are done measured, by seed
     * @param failed those of its jobs that failed
     * @param missing those that have no row
     */
    public Verdict verdict(Metrics dense, List<Metrics> pruned, int failed, int missing) {
        if (failed > 0) {
            return Verdict.FAILED;
        }
        if (missing > 0 || pruned.isEmpty()) {
            return Verdict.MISSING;
        }
        Double loss = meanLoss(dense, pruned);
        if (loss == null) {
            return Verdict.FAILED;
        }
        return loss < points.doubleValue() ? Verdict.WITHIN : Verdict.BEYOND; // NaN is beyond
    }
}
