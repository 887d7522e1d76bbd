package dev.coppice.driver.plan;

import dev.coppice.driver.search.MaxLoss;
import dev.coppice.driver.search.RatioSearch;
import dev.coppice.driver.search.Verdict;
import dev.coppice.results.JobId;
import dev.coppice.results.Metrics;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Status;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What earlier jobs have measured, for a search to start from. */
final class Measured {

    /** Nothing yet. */
    static final Measured NOTHING = new Measured(List.of());

    private final Map<JobId, ResultRow> rows = new HashMap<>();

    Measured(List<ResultRow> rows) {
        rows.forEach(row -> this.rows.put(row.jobId(), row));
    }

    /**
     * The ratios that a search has begun with, and the one that it needs next.
     *
     * @param dense the job of the unpruned model; without its row nothing is pruned yet
     * @param jobs a ratio's jobs, by seed
     * @return ascending
     */
    List<BigDecimal> toMeasure(MaxLoss maxLoss, JobId dense, Function<BigDecimal, List<JobId>> jobs) {
        Metrics unpruned = metrics(dense);
        List<BigDecimal> ratios = new ArrayList<>();
        RatioSearch search = unpruned == null
                ? null
                : RatioSearch.of(maxLoss.grid(), ratio -> verdict(maxLoss, unpruned, jobs.apply(ratio)));
        for (BigDecimal ratio : maxLoss.grid()) {
            boolean begun = jobs.apply(ratio).stream().anyMatch(rows::containsKey);
            if (begun || (search != null && ratio.equals(search.next()))) {
                ratios.add(ratio);
            }
        }
        return ratios;
    }

    private Verdict verdict(MaxLoss maxLoss, Metrics dense, List<JobId> jobs) {
        List<Metrics> done = new ArrayList<>();
        int failed = 0;
        for (JobId job : jobs) {
            Metrics metrics = metrics(job);
            if (metrics != null) {
                done.add(metrics);
            } else if (rows.containsKey(job)) {
                failed++;
            }
        }
        return maxLoss.verdict(dense, done, failed, jobs.size() - done.size() - failed);
    }

    private @Nullable Metrics metrics(JobId job) {
        ResultRow row = rows.get(job);
        return row == null || row.status() != Status.DONE ? null : row.metrics();
    }
}
