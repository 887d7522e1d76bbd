package dev.coppice.driver.report;

import dev.coppice.results.Sample;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * How likely a difference between two models at least as large as the one seen would be if neither were better, from what
 * both did with the same examples. Not corrected for the number of comparisons.
 */
final class PairedTest {

    private static final int RESAMPLES = 10_000;
    private static final long SEED = 1;

    private PairedTest() {}

    /**
     * The two-sided p-value: McNemar's exact test for accuracies, the paired bootstrap over the examples' log-likelihoods for
     * perplexities.
     *
     * @return null when the two have not seen the same examples, or have no such figure
     */
    static @Nullable Double p(Measure measure, List<Sample> dense, List<Sample> pruned) {
        if (dense.isEmpty() || dense.size() != pruned.size()) {
            return null;
        }
        for (int i = 0; i < dense.size(); i++) {
            if (dense.get(i).example() != pruned.get(i).example()) {
                return null;
            }
        }
        return switch (measure) {
            case ACCURACY, ACCURACY_NORM -> mcNemar(measure, dense, pruned);
            case PERPLEXITY, WORD_PERPLEXITY -> bootstrap(dense, pruned);
        };
    }

    private static @Nullable Double mcNemar(Measure measure, List<Sample> dense, List<Sample> pruned) {
        int onlyDense = 0;
        int onlyPruned = 0;
        for (int i = 0; i < dense.size(); i++) {
            Boolean first = correct(measure, dense.get(i));
            Boolean second = correct(measure, pruned.get(i));
            if (first == null || second == null) {
                return null;
            }
            onlyDense += first && !second ? 1 : 0;
            onlyPruned += second && !first ? 1 : 0;
        }
        return twoSidedSign(Math.min(onlyDense, onlyPruned), onlyDense + onlyPruned);
    }

    private static @Nullable Boolean correct(Measure measure, Sample sample) {
        return measure == Measure.ACCURACY ? sample.correct() : sample.correctNorm();
    }

    /** min(1, 2 P(X <= k)) for X binomial over n even chances: McNemar (1947) in its exact form. */
    static double twoSidedSign(int k, int n) {
        double logTerm = -n * Math.log(2); // of C(n, 0) / 2^n
        double tail = Math.exp(logTerm);
        for (int i = 1; i <= k; i++) {
            logTerm += Math.log((n - i + 1) / (double) i);
            tail += Math.exp(logTerm);
        }
        return Math.min(1, 2 * tail);
    }

    /** Share of resampled sums of differences on the rarer side of 0, doubled (Efron and Tibshirani 1993). */
    private static double bootstrap(List<Sample> dense, List<Sample> pruned) {
        int n = dense.size();
        double[] differences = new double[n];
        for (int i = 0; i < n; i++) {
            differences[i] = dense.get(i).logLikelihood() - pruned.get(i).logLikelihood();
        }
        SplittableRandom random = new SplittableRandom(SEED);
        int above = 0;
        int below = 0;
        for (int resample = 0; resample < RESAMPLES; resample++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += differences[random.nextInt(n)];
            }
            above += sum >= 0 ? 1 : 0;
            below += sum <= 0 ? 1 : 0;
        }
        return Math.min(1, 2.0 * (Math.min(above, below) + 1) / (RESAMPLES + 1));
    }
}
