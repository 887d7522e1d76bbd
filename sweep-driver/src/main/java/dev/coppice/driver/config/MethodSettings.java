package dev.coppice.driver.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pruning method of the sweep.
 *
 * @param name its name
 * @param seeds its seeds; empty for a method without randomness
 * @param batchNormExamples examples to measure the batch norms of pruned models on; null to leave them as they are
 */
public record MethodSettings(
        String name, List<Long> seeds, @Nullable Integer batchNormExamples) {

    public MethodSettings {
        seeds = List.copyOf(seeds);
    }
}
