package dev.coppice.driver.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RatioSearchTest {

    private static List<BigDecimal> grid(int ratios) {
        List<BigDecimal> grid = new ArrayList<>();
        for (int i = 1; i <= ratios; i++) {
            grid.add(BigDecimal.valueOf(i, 3));
        }
        return grid;
    }

    /** Measures what the search asks for until it asks for nothing. */
    private static RatioSearch search(
            List<BigDecimal> grid, Map<BigDecimal, Verdict> known, Function<BigDecimal, Verdict> truth) {
        while (true) {
            RatioSearch search = RatioSearch.of(grid, ratio -> known.getOrDefault(ratio, Verdict.MISSING));
            if (search.next() == null) {
                return search;
            }
            assertThat(known).doesNotContainKey(search.next());
            known.put(search.next(), truth.apply(search.next()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 9, 19, 100, 999})
    void findsTheLargestOfAnyMonotoneCurveInLogarithmicallyManySteps(int ratios) {
        List<BigDecimal> grid = grid(ratios);
        int steps = 32 - Integer.numberOfLeadingZeros(ratios); // ceil(log2(ratios + 1))
        for (int within = 0; within <= ratios; within++) {
            int last = within;
            Map<BigDecimal, Verdict> known = new HashMap<>();
            RatioSearch search =
                    search(grid, known, ratio -> grid.indexOf(ratio) < last ? Verdict.WITHIN : Verdict.BEYOND);
            assertThat(search)
                    .isEqualTo(new RatioSearch(
                            within == 0 ? BigDecimal.ZERO : grid.get(within - 1),
                            null,
                            RatioSearch.State.DECIDED,
                            true));
            assertThat(known.size()).isLessThanOrEqualTo(steps);
        }
    }

    /** Without the assumption: the answer is within, its neighbour above is not, and what is known already is respected. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whateverTheCurveTheAnswerIsMeasured(long seed) {
        Random random = new Random(seed);
        List<BigDecimal> grid = grid(19);
        for (int repeat = 0; repeat < 300; repeat++) {
            Map<BigDecimal, Verdict> truth = new HashMap<>();
            grid.forEach(ratio -> truth.put(ratio, random.nextBoolean() ? Verdict.WITHIN : Verdict.BEYOND));
            Map<BigDecimal, Verdict> known = new HashMap<>();
            grid.stream().filter(ratio -> random.nextInt(4) == 0).forEach(ratio -> known.put(ratio, truth.get(ratio)));

            RatioSearch search = search(grid, known, truth::get);

            int answer = grid.indexOf(search.largest()); // -1 for the dense model
            assertThat(search.state()).isEqualTo(RatioSearch.State.DECIDED);
            if (answer >= 0) {
                assertThat(known.get(search.largest())).isEqualTo(Verdict.WITHIN);
            }
            if (answer + 1 < grid.size()) {
                assertThat(known.get(grid.get(answer + 1))).isEqualTo(Verdict.BEYOND);
            }
            for (int i = 0; i < grid.size(); i++) {
                Verdict verdict = known.getOrDefault(grid.get(i), Verdict.MISSING);
                assertThat(i > answer && verdict == Verdict.WITHIN).isFalse();
            }
            boolean lower =
                    grid.subList(0, Math.max(0, answer)).stream().anyMatch(ratio -> known.get(ratio) == Verdict.BEYOND);
            assertThat(search.monotone()).isEqualTo(!lower);
        }
    }

    @Test
    void aWholeGridThatIsKnownNeedsNothingMore() {
        List<BigDecimal> grid = grid(5);
        List<Verdict> verdicts =
                List.of(Verdict.WITHIN, Verdict.BEYOND, Verdict.WITHIN, Verdict.BEYOND, Verdict.BEYOND);

        assertThat(RatioSearch.of(grid, ratio -> verdicts.get(grid.indexOf(ratio))))
                .isEqualTo(new RatioSearch(grid.get(2), null, RatioSearch.State.DECIDED, false));
    }

    @Test
    void aFailedJobThatWouldDecideEndsTheSearch() {
        List<BigDecimal> grid = grid(3);

        assertThat(RatioSearch.of(grid, ratio -> ratio.equals(grid.get(1)) ? Verdict.FAILED : Verdict.MISSING))
                .isEqualTo(new RatioSearch(BigDecimal.ZERO, null, RatioSearch.State.FAILED, true));
        assertThat(RatioSearch.of(grid, ratio -> ratio.equals(grid.get(0)) ? Verdict.FAILED : Verdict.MISSING)
                        .next())
                .as("others may decide without it")
                .isEqualTo(grid.get(1));
    }

    @Test
    void anEmptyGridHasTheDenseModelAlone() {
        assertThat(RatioSearch.of(List.of(), ratio -> Verdict.MISSING))
                .isEqualTo(new RatioSearch(BigDecimal.ZERO, null, RatioSearch.State.DECIDED, true));
    }
}
