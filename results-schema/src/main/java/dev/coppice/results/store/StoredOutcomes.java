package dev.coppice.results.store;

import dev.coppice.results.JobId;
import dev.coppice.results.Outcome;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * How the jobs of a sweep ended so far.
 *
 * @param byJob the outcome of each job's effective row
 * @param unreadable files that could not be read; their jobs count as not run
 */
public record StoredOutcomes(Map<JobId, Outcome> byJob, List<UnreadableFile> unreadable) {

    public StoredOutcomes {
        byJob = Collections.unmodifiableMap(byJob);
        unreadable = List.copyOf(unreadable);
    }
}
