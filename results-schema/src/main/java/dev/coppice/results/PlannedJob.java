package dev.coppice.results;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A cell of the grid as the plan of a sweep holds it: its identity and what else places its row in a table.
 *
 * @param architecture model family, such as s5; null when the model could not be read
 * @param protocol how the metric is computed, such as accuracy or raw-2048
 * @param split which part of the data is evaluated, such as test
 * @param granularity what the ratio counts; null for the dense model
 */
public record PlannedJob(
        JobSpec spec,
        @Nullable String architecture,
        String protocol,
        String split,
        @Nullable Granularity granularity) implements Serializable {

    /** The identity of the cell. */
    public JobId jobId() {
        return spec.id();
    }

    /** Where the job's row stands in the grid. */
    public Coordinates coordinates() {
        return new Coordinates(
                spec.model(),
                architecture,
                spec.task(),
                spec.taskVersion(),
                protocol,
                split,
                spec.method(),
                granularity,
                spec.ratio(),
                spec.seed(),
                spec.precision());
    }
}
