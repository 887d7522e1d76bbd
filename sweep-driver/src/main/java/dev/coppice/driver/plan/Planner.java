package dev.coppice.driver.plan;

import dev.coppice.driver.config.CalibrationSource;
import dev.coppice.driver.config.MethodSettings;
import dev.coppice.driver.config.ModelSettings;
import dev.coppice.driver.config.SweepSettings;
import dev.coppice.driver.config.TaskSettings;
import dev.coppice.driver.search.MaxLoss;
import dev.coppice.driver.search.Search;
import dev.coppice.results.Granularity;
import dev.coppice.results.JobId;
import dev.coppice.results.JobSpec;
import dev.coppice.results.Outcome;
import dev.coppice.results.PlannedJob;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Status;
import dev.coppice.results.store.ResultStore;
import dev.coppice.results.store.StoredOutcomes;
import dev.coppice.results.store.StoredRows;
import dev.coppice.worker.job.Backends;
import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.job.PrecisionChoice;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.task.DataException;
import dev.coppice.worker.tokenizer.TokenizerException;
import dev.coppice.worker.weights.CheckpointException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Unfolds the grid of a sweep, model by model, and takes away what is impossible, unwanted or done. */
public final class Planner {

    /** Why cells are dropped that the config's rules do not take. */
    public static final String LEFT_OUT = "left out by the includes and excludes rules";

    private final SweepSettings settings;
    private final Retries retries;
    private final Measured measured;
    private final List<PlannedJob> grid = new ArrayList<>();
    private final List<JobTicket> jobs = new ArrayList<>();
    private final SortedMap<String, Integer> dropped = new TreeMap<>();
    private final List<String> unresolved = new ArrayList<>();
    private final Calibrations calibrations = new Calibrations(unresolved);
    private int done;
    private int failed;

    private Planner(SweepSettings settings, Retries retries, Measured measured) {
        this.settings = settings;
        this.retries = retries;
        this.measured = measured;
    }

    /**
     * Plans a sweep against what its store holds.
     *
     * @throws dev.coppice.results.store.StoreException when the store cannot be read
     */
    public static SweepPlan plan(SweepSettings settings, ResultStore store, Retries retries) {
        return settings.maxLoss() == null
                ? new Planner(settings, retries, Measured.NOTHING).plan(store.outcomes(settings.name()))
                : planRound(settings, store, retries);
    }

    /** A round of a search: what is measured already says which ratios come next. */
    private static SweepPlan planRound(SweepSettings settings, ResultStore store, Retries retries) {
        StoredRows stored = store.rows(settings.name());
        Map<JobId, Outcome> outcomes =
                stored.rows().stream().collect(Collectors.toMap(ResultRow::jobId, ResultRow::outcome));
        return new Planner(settings, retries, new Measured(stored.rows()))
                .plan(new StoredOutcomes(outcomes, stored.unreadable()));
    }

    /** Plans a sweep of which nothing is done. */
    public static SweepPlan plan(SweepSettings settings) {
        return new Planner(settings, Retries.LOST, Measured.NOTHING).plan(new StoredOutcomes(Map.of(), List.of()));
    }

    private SweepPlan plan(StoredOutcomes outcomes) {
        List<ResolvedTask> tasks = resolvedTasks();
        List<ResolvedMethod> methods = resolvedMethods();
        for (ModelSettings modelSettings : settings.models()) {
            ResolvedModel model = resolved(modelSettings);
            if (model == null) {
                continue;
            }
            for (ResolvedTask task : tasks) {
                cells(model, task, methods, outcomes);
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

    /** The methods other than the dense model. */
    private List<ResolvedMethod> resolvedMethods() {
        List<ResolvedMethod> methods = new ArrayList<>();
        for (MethodSettings method : settings.methods()) {
            if (method.name().equals(JobSpec.DENSE)) {
                continue;
            }
            CalibrationSource source = method.calibration();
            if (source != null && source.text() != null) {
                calibrations.of(source.text()); // a text that is not there is noted, whoever needs it
            }
            methods.add(ResolvedMethod.of(method));
        }
        return methods;
    }

    private @Nullable ResolvedModel resolved(ModelSettings model) {
        try {
            return ResolvedModel.of(model);
        } catch (ModelException | TokenizerException | CheckpointException e) {
            unresolved.add("model " + model.name() + ": " + e.getMessage());
            return null;
        }
    }

    private void cells(ResolvedModel model, ResolvedTask task, List<ResolvedMethod> methods, StoredOutcomes outcomes) {
        String refusal = refusal(model, task);
        if (refusal != null) {
            drop(model.settings().name() + " on " + task.settings().name() + ": " + refusal, cellsOfAPair());
            return;
        }
        cell(model, task, ResolvedMethod.DENSE, BigDecimal.ZERO, null, outcomes);
        for (ResolvedMethod method : methods) {
            String reason = method.refusal(model.config());
            if (reason == null) {
                reason = cells(model, task, method, outcomes);
            }
            if (reason != null) {
                drop(
                        model.settings().name() + ": " + reason
                                + method.settings().mention(),
                        settings.ratios().size() * method.seeds().size());
            }
        }
    }

    /** The cells of a method that fits the model; returns the reason where there are none. */
    private @Nullable String cells(
            ResolvedModel model, ResolvedTask task, ResolvedMethod method, StoredOutcomes outcomes) {
        if (settings.search() != null && method.granularity() == Granularity.N_M) {
            return method.name() + " with a pattern has one ratio, and there is none to search for";
        }
        CalibrationSource source = method.settings().calibration();
        if (source == null) {
            ratios(model, task, method, outcomes);
            return null;
        }
        String refusal = Calibrations.refusal(method.name(), source, task.settings());
        ResolvedCalibration data =
                refusal == null ? calibrations.of(source, task.settings()).orElse(null) : null;
        if (data == null) {
            return refusal; // what is not there is noted as that
        }
        String shortage = calibrations.shortage(data, source, model);
        if (shortage == null) {
            ratios(model, task, method.calibratedOn(data), outcomes);
        }
        return shortage;
    }

    private void ratios(ResolvedModel model, ResolvedTask task, ResolvedMethod method, StoredOutcomes outcomes) {
        List<@Nullable Long> seeds = method.seeds();
        for (BigDecimal ratio : ratios(model, task, method, seeds)) {
            String reason = method.refusal(ratio);
            if (reason != null) {
                drop(reason + method.settings().mention(), seeds.size());
                continue;
            }
            for (Long seed : seeds) {
                cell(model, task, method, ratio, seed, outcomes);
            }
        }
    }

    /** The ratios of this round: all, or those that a search has begun with and the next one. */
    private List<BigDecimal> ratios(
            ResolvedModel model, ResolvedTask task, ResolvedMethod method, List<@Nullable Long> seeds) {
        Search search = settings.search();
        if (search == null) {
            return settings.ratios();
        }
        MaxLoss maxLoss = search.of(model.settings().name(), task.settings().name(), method.name());
        JobSpec dense = spec(model, task, ResolvedMethod.DENSE, BigDecimal.ZERO, null);
        return measured.toMeasure(
                maxLoss,
                dense.id(),
                ratio -> seeds.stream()
                        .map(seed -> spec(model, task, method, ratio, seed))
                        .map(JobSpec::id)
                        .toList());
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
            ResolvedMethod method,
            BigDecimal ratio,
            @Nullable Long seed,
            StoredOutcomes outcomes) {
        boolean yardstick = settings.maxLoss() != null && method == ResolvedMethod.DENSE; // no search without it
        if (!yardstick
                && !settings.takes(model.settings().name(), task.settings().name(), method.name(), ratio)) {
            drop(LEFT_OUT, 1);
            return;
        }
        JobSpec spec = spec(model, task, method, ratio, seed);
        grid.add(new PlannedJob(
                spec,
                model.config().architecture(),
                task.protocol(),
                task.definition().split(),
                method.granularity()));
        Outcome last = outcomes.byJob().get(spec.id());
        if (last != null && last.status() == Status.DONE) {
            done++;
        } else if (last != null && !retries.again(last)) {
            failed++;
        } else {
            ResolvedCalibration calibration = method.calibration();
            jobs.add(new JobTicket(
                    spec,
                    settings.name(),
                    last == null ? 1 : last.attempt() + 1,
                    model.settings().path().toString(),
                    model.settings().weights(),
                    task.settings().data(),
                    calibration == null ? null : calibration.path(),
                    settings.jobTime()));
        }
    }

    private JobSpec spec(
            ResolvedModel model, ResolvedTask task, ResolvedMethod method, BigDecimal ratio, @Nullable Long seed) {
        return new JobSpec(
                model.settings().name(),
                model.fingerprint(),
                task.settings().name(),
                task.definition().version(),
                task.params(),
                method.name(),
                method.settings().params(),
                method.calibrationIdentity(),
                ratio,
                seed,
                settings.precision().configName());
    }
}
