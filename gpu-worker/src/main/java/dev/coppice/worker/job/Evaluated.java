package dev.coppice.worker.job;

import dev.coppice.results.Metrics;
import dev.coppice.results.Sample;
import java.util.List;

/**
 * What evaluation gives.
 *
 * @param metrics over all examples
 * @param samples what became of each example, in the task's order
 */
public record Evaluated(Metrics metrics, List<Sample> samples) {

    public Evaluated {
        samples = List.copyOf(samples);
    }
}
