package dev.coppice.driver.search;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a bisection stands, from all that is known of the grid, however it came to be known.
 *
 * <p>Bisection takes for granted that a larger ratio loses more. The answer is a ratio that was measured to lose less, whose
 * neighbour above was measured to lose more; that holds without the assumption. With it, the answer is the largest such ratio;
 * without it, a larger one may exist that was not looked at. Whatever was measured counts: the answer is the largest ratio that
 * is known to lose less, even where a smaller one loses more, and then the search goes on above it.
 *
 * @param largest the largest ratio known to be within the loss; 0, the dense model, when none is
 * @param next what to measure next; null when there is nothing
 * @param state whether the answer is there
 * @param monotone whether everything that was measured below the answer is within the loss, too
 */
public record RatioSearch(BigDecimal largest, @Nullable BigDecimal next, State state, boolean monotone) {

    /** Whether there is an answer. */
    public enum State {
        /** {@link #largest} is the answer. */
        DECIDED,
        /** {@link #next}, or first the dense model, is to be measured. */
        OPEN,
        /** The job that would have to decide has failed. */
        FAILED
    }

    /** A search that can't begin: there is no dense model to compare with. */
    public static RatioSearch unknown() {
        return new RatioSearch(BigDecimal.ZERO, null, State.OPEN, true);
    }

    /**
     * Where the search stands.
     *
     * @param grid ascending
     */
    public static RatioSearch of(List<BigDecimal> grid, Function<BigDecimal, Verdict> known) {
        List<Verdict> verdicts = grid.stream().map(known).toList();
        int low = verdicts.lastIndexOf(Verdict.WITHIN);
        boolean monotone = low < 0 || !verdicts.subList(0, low).contains(Verdict.BEYOND);
        List<Integer> between = new ArrayList<>(); // numbers in the grid
        for (int i = low + 1; i < grid.size() && verdicts.get(i) != Verdict.BEYOND; i++) {
            between.add(i);
        }
        BigDecimal largest = low < 0 ? BigDecimal.ZERO : grid.get(low);
        if (between.isEmpty()) {
            return new RatioSearch(largest, null, State.DECIDED, monotone);
        }
        int middle = between.get(between.size() / 2);
        return verdicts.get(middle) == Verdict.FAILED
                ? new RatioSearch(largest, null, State.FAILED, monotone)
                : new RatioSearch(largest, grid.get(middle), State.OPEN, monotone);
    }
}
