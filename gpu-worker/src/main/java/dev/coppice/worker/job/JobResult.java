package dev.coppice.worker.job;

import dev.coppice.results.ResultRow;
import dev.coppice.results.Sample;
import java.util.List;

/**
 * How a job ended.
 *
 * @param samples what it did with each example; none when it failed
 */
public record JobResult(ResultRow row, List<Sample> samples) {

    public JobResult {
        samples = List.copyOf(samples);
    }
}
