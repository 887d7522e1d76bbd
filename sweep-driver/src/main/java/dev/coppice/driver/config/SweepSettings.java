package dev.coppice.driver.config;

import dev.coppice.driver.search.MaxLoss;
import dev.coppice.driver.search.Search;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.job.WorkerSettings;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole config.
 *
 * @param name of the sweep
 * @param ratios fractions to prune, ascending, without 0
 * @param maxLoss what is looked for among the ratios; null when all are to be measured
 * @param include rules of which a cell must meet one, when there are any
 * @param exclude rules of which a cell must meet none
 * @param output location of the result store, an absolute path or a URI
 * @param jobTime longest time of a job; null without a limit
 * @param precision arithmetic of the models
 */
public record SweepSettings(
        String name,
        List<ModelSettings> models,
        List<TaskSettings> tasks,
        List<MethodSettings> methods,
        List<BigDecimal> ratios,
        @Nullable MaxLoss maxLoss,
        List<CellRule> include,
        List<CellRule> exclude,
        String output,
        @Nullable Duration jobTime,
        Precision precision,
        WorkerSettings worker,
        SparkSettings spark) {

    public SweepSettings {
        models = List.copyOf(models);
        tasks = List.copyOf(tasks);
        methods = List.copyOf(methods);
        ratios = List.copyOf(ratios);
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    /** What is looked for, by the rules; null when all ratios are to be measured. */
    public @Nullable Search search() {
        return maxLoss == null ? null : new Search(maxLoss, this::takes);
    }

    /** Whether the rules take this cell. */
    public boolean takes(String model, String task, String method, BigDecimal ratio) {
        boolean included =
                include.isEmpty() || include.stream().anyMatch(rule -> rule.matches(model, task, method, ratio));
        return included && exclude.stream().noneMatch(rule -> rule.matches(model, task, method, ratio));
    }
}
