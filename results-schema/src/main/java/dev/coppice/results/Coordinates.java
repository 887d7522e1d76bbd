package dev.coppice.results;

import java.io.Serializable;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Where a row stands in the grid.
 *
 * @param architecture model family, such as s5; null when the model could not be read
 * @param protocol how the metric is computed, such as accuracy or raw-2048
 * @param granularity what the ratio counts; null for the dense model
 * @param ratioRequested fraction to prune in [0, 1), an exact decimal; 0 for the dense model
 * @param seed seed of the method; null for methods without randomness
 */
public record Coordinates(
        String model,
        @Nullable String architecture,
        String task,
        String taskVersion,
        String protocol,
        String split,
        String method,
        @Nullable Granularity granularity,
        BigDecimal ratioRequested,
        @Nullable Long seed,
        String precision)
        implements Serializable {

    public Coordinates {
        ratioRequested = Ratios.canonical(ratioRequested);
    }
}
