package dev.coppice.driver.report;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.results.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedTestTest {

    private static Sample answer(int example, boolean correct) {
        return new Sample(example, 0, correct ? 0 : 1, correct, !correct, -1, List.of(-1.0, -2.0), 1, null, null);
    }

    private static Sample text(int example, double logLikelihood) {
        return new Sample(example, null, null, null, null, logLikelihood, List.of(), 100, null, null);
    }

    private static List<Sample> answers(int bothRight, int onlyFirst, int onlySecond, boolean first) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < bothRight + onlyFirst + onlySecond; i++) {
            boolean mine = i < bothRight || (i < bothRight + onlyFirst) == first;
            samples.add(answer(i, mine));
        }
        return samples;
    }

    /** Binomial tails by hand: 2 (1 + 10 + 45) / 1024, and 2 / 2^5. */
    @Test
    void mcNemarIsTheExactTestOfTheDisagreements() {
        assertThat(PairedTest.p(Measure.ACCURACY, answers(90, 8, 2, true), answers(90, 8, 2, false)))
                .isCloseTo(112 / 1024.0, within(1e-12));
        assertThat(PairedTest.p(Measure.ACCURACY, answers(3, 0, 5, true), answers(3, 0, 5, false)))
                .isCloseTo(0.0625, within(1e-12));
        assertThat(PairedTest.p(Measure.ACCURACY, answers(7, 4, 4, true), answers(7, 4, 4, false)))
                .isEqualTo(1);
        assertThat(PairedTest.p(Measure.ACCURACY, answers(7, 0, 0, true), answers(7, 0, 0, false)))
                .isEqualTo(1);
    }

    /** A normal approximation with continuity correction is good to three digits here. */
    @Test
    void mcNemarStandsThousandsOfDisagreements() {
        double z = (2_100 - 1_900 - 1) / Math.sqrt(4_000);
        double normal = 2 * (1 - cumulativeNormal(z));
        assertThat(requireNonNull(PairedTest.p(
                        Measure.ACCURACY_NORM, answers(10, 2_100, 1_900, true), answers(10, 2_100, 1_900, false))))
                .isCloseTo(normal, within(2e-5));
    }

    private static double cumulativeNormal(double z) {
        double sum = 0;
        int steps = 200_000;
        for (int i = 0; i < steps; i++) {
            double x = -10 + (z + 10) * (i + 0.5) / steps;
            sum += Math.exp(-x * x / 2) * (z + 10) / steps;
        }
        return sum / Math.sqrt(2 * Math.PI);
    }

    @Test
    void bootstrapTellsADifferenceFromNoise() {
        Random random = new Random(3);
        List<Sample> dense = new ArrayList<>();
        List<Sample> worse = new ArrayList<>();
        List<Sample> noisy = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            double logLikelihood = -300 + 20 * random.nextGaussian();
            double noise = random.nextGaussian();
            dense.add(text(i, logLikelihood));
            worse.add(text(i, logLikelihood - 1 + noise));
            noisy.add(text(i, logLikelihood + (i % 2 == 0 ? noise : -noise)));
        }

        assertThat(PairedTest.p(Measure.PERPLEXITY, dense, worse)).isLessThan(0.001);
        assertThat(PairedTest.p(Measure.WORD_PERPLEXITY, dense, noisy)).isGreaterThan(0.05);
        assertThat(PairedTest.p(Measure.PERPLEXITY, dense, dense)).isEqualTo(1);
        assertThat(PairedTest.p(Measure.PERPLEXITY, dense, noisy))
                .isEqualTo(PairedTest.p(Measure.PERPLEXITY, dense, noisy));
    }

    @Test
    void otherExamplesAreNotCompared() {
        List<Sample> some = List.of(text(0, -1), text(1, -2));

        assertThat(PairedTest.p(Measure.PERPLEXITY, some, List.of(text(0, -1), text(2, -2))))
                .isNull();
        assertThat(PairedTest.p(Measure.PERPLEXITY, some, some.subList(0, 1))).isNull();
        assertThat(PairedTest.p(Measure.PERPLEXITY, List.of(), List.of())).isNull();
        assertThat(PairedTest.p(Measure.ACCURACY, some, some)).isNull();
    }
}
