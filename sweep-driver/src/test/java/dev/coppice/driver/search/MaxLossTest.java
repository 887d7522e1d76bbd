package dev.coppice.driver.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.results.Metrics;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MaxLossTest {

    private static final MaxLoss ONE = new MaxLoss(new BigDecimal("1.0"), List.of());

    private static Metrics metrics(
            @Nullable Double accuracy, @Nullable Double perplexity, @Nullable Double wordPerplexity) {
        return new Metrics(
                accuracy, null, null, null, perplexity, wordPerplexity, null, null, null, 100L, 100L, Map.of());
    }

    private static Metrics accuracy(double accuracy) {
        return metrics(accuracy, null, null);
    }

    private static Verdict verdict(Metrics dense, Metrics... pruned) {
        return ONE.verdict(dense, List.of(pruned), 0, 0);
    }

    @Test
    void accuracyIsLostInPointsAndLessMeansLess() {
        assertThat(verdict(accuracy(0.99), accuracy(0.9801))).isEqualTo(Verdict.WITHIN);
        assertThat(verdict(accuracy(0.99), accuracy(0.98)))
                .as("exactly a point")
                .isEqualTo(Verdict.BEYOND);
        assertThat(verdict(accuracy(0.5), accuracy(0.49))).as("exactly a point").isEqualTo(Verdict.BEYOND);
        assertThat(verdict(accuracy(0.99), accuracy(0.995))).as("a gain").isEqualTo(Verdict.WITHIN);
    }

    @Test
    void perplexityIsLostInPerCentPerTokenOrElsePerWord() {
        assertThat(MaxLoss.loss(metrics(null, 20.0, 90.0), metrics(null, 20.1, 99.0)))
                .isEqualTo(0.5);
        assertThat(MaxLoss.loss(metrics(null, null, 50.0), metrics(null, null, 52.0)))
                .isEqualTo(4.0);
        assertThat(MaxLoss.loss(metrics(0.5, 20.0, null), metrics(0.4, 20.0, null)))
                .as("the accuracy where there is one")
                .isEqualTo(10.0);
        assertThat(verdict(metrics(null, 20.0, null), metrics(null, Double.NaN, null)))
                .isEqualTo(Verdict.BEYOND);
        assertThat(verdict(metrics(null, 20.0, null), metrics(null, Double.POSITIVE_INFINITY, null)))
                .isEqualTo(Verdict.BEYOND);
    }

    @Test
    void seedsAreJudgedByTheirMeanOnceAllAreThere() {
        Metrics dense = accuracy(0.9);
        List<Metrics> two = List.of(accuracy(0.895), accuracy(0.887));

        assertThat(ONE.verdict(dense, two, 0, 0)).isEqualTo(Verdict.WITHIN);
        assertThat(ONE.verdict(dense, two, 0, 1)).isEqualTo(Verdict.MISSING);
        assertThat(ONE.verdict(dense, two, 1, 0)).isEqualTo(Verdict.FAILED);
        assertThat(ONE.verdict(dense, List.of(), 0, 0)).isEqualTo(Verdict.MISSING);
    }
}
