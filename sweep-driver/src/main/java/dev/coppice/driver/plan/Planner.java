package dev.coppice.driver.plan;

import dev.coppice.driver.config.MethodSettings;
import dev.coppice.driver.config.ModelSettings;
import dev.coppice.driver.config.SweepSettings;
import dev.coppice.driver.config.TaskSettings;
import dev.coppice.results.FailureKind;
import dev.coppice.results.JobSpec;
import dev.coppice.results.Outcome;
import dev.coppice.results.PlannedJob;
import dev.coppice.results.Status;
import dev.coppice.results.store.ResultStore;
import dev.coppice.results.store.StoredOutcomes;
import dev.coppice.worker.job.Backends;
import dev.coppice.worker.job.BatchNormRenewal;
import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.job.PrecisionChoice;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.task.DataException;
import dev.coppice.worker.weights.CheckpointException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Unfolds the grid of a sweep, model by model, and takes away what is impossible, unwanted or done. */
public final class Planner {

    /** Why cells are dropped that the config's rules do not take. */
    public static final String LEFT_OUT = "left out by the includes and excludes rules";

    private static final SortedMap<String, String> NO_CALIBRATION = Collections.emptySortedMap();

    private final SweepSettings settings;
    private final Retries retries;
    private final List<PlannedJob> grid = new ArrayList<>();
    private final List<JobTicket> jobs = new ArrayList<>();
    private final SortedMap<String, Integer> dropped = new TreeMap<>();
    private final List<String> unresolved = new ArrayList<>();
    private int done;
    private int failed;

    private Planner(SweepSettings settings, Retries retries) {
        this.settings = settings;
        this.retries = retries;
    }

    /**
     * Plans a sweep against what its store holds.
     *
     * @throws dev.coppice.results.store.StoreException when the store cannot be read
     */
    public static SweepPlan plan(SweepSettings settings, ResultStore store, Retries retries) {
        return new Planner(settings, retries).plan(store.outcomes(settings.name()));
    }

    /** Plans a sweep of which nothing is done. */
    public static SweepPlan plan(SweepSettings settings) {
        return new Planner(settings, Retries.LOST).plan(new StoredOutcomes(Map.of(), List.of()));
    }

    private SweepPlan plan(StoredOutcomes outcomes) {
        List<ResolvedTask> tasks = resolvedTasks();
        for (ModelSettings modelSettings : settings.models()) {
            ResolvedModel model = resolved(modelSettings);
            if (model == null) {
                continue;
            }
            for (ResolvedTask task : tasks) {
                cells(model, task, outcomes);
            }
        }
        return new SweepPlan(settings.name(), grid, jobs, dropped, done, failed, unresolved);
    }

    private List<ResolvedTask> resolvedTasks() {
        List<ResolvedTask> tasks = new ArrayList<>();
        for (TaskSettings task : settings.tasks()) {
            try {
                tasks.add(ResolvedTask.of(task));
            } catch (DataException e) {
                unresolved.add("task " + task.name() + ": " + e.getMessage());
            }
        }
        return tasks;
    }

    private @Nullable ResolvedModel resolved(ModelSettings model) {
        try {
            return ResolvedModel.of(model);
        } catch (ModelException | CheckpointException e) {
            unresolved.add("model " + model.name() + ": " + e.getMessage());
            return null;
        }
    }

    private void cells(ResolvedModel model, ResolvedTask task, StoredOutcomes outcomes) {
        String refusal = refusal(model, task);
        if (refusal != null) {
            drop(model.settings().name() + " on " + task.settings().name() + ": " + refusal, cellsOfAPair());
            return;
        }
        cell(model, task, JobSpec.DENSE, NO_CALIBRATION, BigDecimal.ZERO, null, outcomes);
        for (MethodSettings method : settings.methods()) {
            if (method.name().equals(JobSpec.DENSE)) {
                continue;
            }
            PruningMethod pruning = Methods.of(method.name());
            String reason = refusal(model, method, pruning);
            if (reason != null) {
                drop(
                        model.settings().name() + ": " + reason,
                        settings.ratios().size() * Math.max(1, method.seeds().size()));
                continue;
            }
            for (BigDecimal ratio : settings.ratios()) {
                for (Long seed : pruning.random() ? method.seeds() : Collections.<Long>singletonList(null)) {
                    cell(model, task, method.name(), calibration(method), ratio, seed, outcomes);
                }
            }
        }
    }

    private @Nullable String refusal(ResolvedModel model, ResolvedTask task) {
        String refusal = model.config().refusal(task.inputs());
        return refusal == null
                ? PrecisionChoice.refusal(
                        Backends.of(settings.worker().backend()),
                        settings.precision(),
                        task.inputs().kind())
                : refusal;
    }

    private static @Nullable String refusal(ResolvedModel model, MethodSettings method, PruningMethod pruning) {
        String refusal = pruning.refusal(model.config().architecture());
        return refusal == null
                        && method.batchNormExamples() != null
                        && !model.config().hasBatchNorm()
                ? method.name() + " with reestimate-batch-norm: the model has no batch norms"
                : refusal;
    }

    private static SortedMap<String, String> calibration(MethodSettings method) {
        return method.batchNormExamples() == null
                ? NO_CALIBRATION
                : new TreeMap<>(Map.of(BatchNormRenewal.KEY, String.valueOf(method.batchNormExamples())));
    }

    private int cellsOfAPair() {
        int cells = 1;
        for (MethodSettings method : settings.methods()) {
            cells += method.name().equals(JobSpec.DENSE)
                    ? 0
                    : settings.ratios().size() * Math.max(1, method.seeds().size());
        }
        return cells;
    }

    private void drop(String reason, int cells) {
        dropped.merge(reason, cells, Integer::sum);
    }

    private void cell(
            ResolvedModel model,
            ResolvedTask task,
            String method,
            SortedMap<String, String> calibration,
            BigDecimal ratio,
            @Nullable Long seed,
            StoredOutcomes outcomes) {
        if (!settings.takes(model.settings().name(), task.settings().name(), method, ratio)) {
            drop(LEFT_OUT, 1);
            return;
        }
        JobSpec spec = new JobSpec(
                model.settings().name(),
                model.fingerprint(),
                task.settings().name(),
                task.definition().version(),
                task.params(),
                method,
                new TreeMap<>(),
                calibration,
                ratio,
                seed,
                settings.precision().configName());
        PruningMethod pruning = Methods.find(method);
        grid.add(new PlannedJob(
                spec,
                model.config().architecture(),
                task.protocol(),
                task.definition().split(),
                pruning == null ? null : pruning.granularity()));
        Outcome last = outcomes.byJob().get(spec.id());
        if (last != null && last.status() == Status.DONE) {
            done++;
        } else if (last != null && retries == Retries.LOST && last.failureKind() != FailureKind.LOST) {
            failed++;
        } else {
            jobs.add(new JobTicket(
                    spec,
                    settings.name(),
                    last == null ? 1 : last.attempt() + 1,
                    model.settings().path().toString(),
                    model.settings().weights(),
                    task.settings().data(),
                    settings.jobTime()));
        }
    }
}
