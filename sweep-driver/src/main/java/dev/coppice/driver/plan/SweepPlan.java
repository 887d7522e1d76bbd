package dev.coppice.driver.plan;

import dev.coppice.results.PlannedJob;
import dev.coppice.worker.job.JobTicket;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a sweep has to do.
 *
 * @param sweep its name
 * @param grid every possible cell, finished ones included
 * @param jobs what is left to run, neighbours sharing a model
 * @param dropped number of cells that cannot be or are not wanted, by reason
 * @param done cells with a successful row
 * @param failed cells whose failed row stands, because another attempt would fail too
 * @param unresolved models and data that are not there or not usable, a message each
 */
public record SweepPlan(
        String sweep,
        List<PlannedJob> grid,
        List<JobTicket> jobs,
        SortedMap<String, Integer> dropped,
        int done,
        int failed,
        List<String> unresolved) {

    public SweepPlan {
        grid = List.copyOf(grid);
        jobs = List.copyOf(jobs);
        dropped = Collections.unmodifiableSortedMap(new TreeMap<>(dropped));
        unresolved = List.copyOf(unresolved);
    }

    /** A plan without jobs. */
    public static SweepPlan nothing(String sweep) {
        return new SweepPlan(sweep, List.of(), List.of(), Collections.emptySortedMap(), 0, 0, List.of());
    }
}
