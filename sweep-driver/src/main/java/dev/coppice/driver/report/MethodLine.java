package dev.coppice.driver.report;

import dev.coppice.results.Granularity;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One method over the ratios. A line has one granularity, so that no mean ever mixes two.
 *
 * @param method the method
 * @param name the method, with the parameters that tell it from other lines of the same method
 * @param granularity what its ratios count; null when no job got that far
 * @param cells what it reached at each ratio
 */
public record MethodLine(
        String method, String name, @Nullable Granularity granularity, SortedMap<BigDecimal, Cell> cells) {

    public MethodLine {
        cells = Collections.unmodifiableSortedMap(new TreeMap<>(cells));
    }

    /** The cell at {@code ratio}, {@link Cell#EMPTY} when the plan has none. */
    public Cell at(BigDecimal ratio) {
        return cells.getOrDefault(ratio, Cell.EMPTY);
    }

    /** The most seeds that any of its cells has. */
    public int seeds() {
        return cells.values().stream()
                .mapToInt(cell -> cell.done().size() + cell.failed() + cell.pending())
                .max()
                .orElse(0);
    }
}
