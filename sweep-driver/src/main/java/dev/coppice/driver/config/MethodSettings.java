package dev.coppice.driver.config;

import java.util.List;

/**
 * A pruning method of the sweep.
 *
 * @param name its name
 * @param seeds its seeds; empty for a method without randomness
 */
public record MethodSettings(String name, List<Long> seeds) {

    public MethodSettings {
        seeds = List.copyOf(seeds);
    }
}
