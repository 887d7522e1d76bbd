package dev.coppice.driver.search;

import java.math.BigDecimal;

/**
 * What a sweep looks for.
 *
 * @param maxLoss the bound, and the ratios that may be the answer
 * @param wanted which of them the sweep's rules take
 */
public record Search(MaxLoss maxLoss, Wanted wanted) {

    /** The rules of a sweep. */
    @FunctionalInterface
    public interface Wanted {

        /** Whether the rules take a cell. */
        boolean takes(String model, String task, String method, BigDecimal ratio);
    }

    /** What is looked for in one line of the grid. */
    public MaxLoss of(String model, String task, String method) {
        return new MaxLoss(
                maxLoss.points(),
                maxLoss.grid().stream()
                        .filter(ratio -> wanted.takes(model, task, method, ratio))
                        .toList());
    }
}
