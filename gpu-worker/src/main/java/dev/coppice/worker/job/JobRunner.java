package dev.coppice.worker.job;

import dev.coppice.results.Achieved;
import dev.coppice.results.Coordinates;
import dev.coppice.results.Cost;
import dev.coppice.results.Failure;
import dev.coppice.results.JobSpec;
import dev.coppice.results.Metrics;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Status;
import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.model.StatePrunable;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.prune.Ranking;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.TaskDefinition;
import dev.coppice.worker.task.Tasks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs: load, score, mask, compact, evaluate, row. One instance serves all concurrent jobs of a process. Whatever goes
 * wrong with a job becomes a failed row.
 */
public final class JobRunner {

    private final WorkerSettings settings;
    private final Backend backend;
    private final Device device;
    private final JobInputs inputs;
    private final ProvenanceCollector provenance;

    /**
     * A runner on the device that the settings name.
     *
     * @param libraries versions to record with every row, by library
     * @throws IllegalStateException when the device or something it needs is not there
     */
    public JobRunner(WorkerSettings settings, Map<String, String> libraries) {
        this.settings = settings;
        backend = Backends.of(settings.backend());
        device = DeviceChoice.of(backend, settings.device());
        backend.open(device.address(), settings.threads()).close(); // whatever is missing shows now, not in every job
        inputs = new JobInputs(settings.cacheBytes());
        provenance = new ProvenanceCollector(libraries);
    }

    /**
     * Runs one job to its row, done or failed.
     *
     * @throws Deadline.CancelledException when the thread was interrupted; there is no row then
     */
    public JobResult run(JobTicket ticket) {
        Progress progress = new Progress();
        try {
            Evaluated evaluated = evaluate(ticket, progress);
            return new JobResult(row(ticket, progress, evaluated.metrics(), null), evaluated.samples());
        } catch (Deadline.CancelledException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError | InternalError e) {
            if (Thread.currentThread()
                    .isInterrupted()) { // an interrupt closes the files being read: no fault of theirs
                throw new Deadline.CancelledException();
            }
            return new JobResult(row(ticket, progress, null, JobFailure.of(e)), List.of());
        }
    }

    /** What is known of a job so far; a failed row tells as much. */
    private static final class Progress {
        private final Stopwatch stopwatch = new Stopwatch();
        private @Nullable String architecture;
        private @Nullable Achieved achieved;
        private @Nullable Long peakBytes;
    }

    private Evaluated evaluate(JobTicket ticket, Progress progress) {
        JobSpec spec = ticket.spec();
        Deadline deadline = Deadline.in(ticket.timeLimit());
        if (!spec.precision().equals("float32")) {
            throw new IllegalRequestException(
                    "the " + backend.name() + " backend computes classifiers in float32, not in " + spec.precision());
        }
        Model whole = progress.stopwatch.time(Phase.LOAD, () -> inputs.model(ticket));
        progress.architecture = whole.architecture();
        List<LabelledExample> examples = progress.stopwatch.time(Phase.LOAD, () -> inputs.examples(ticket));
        deadline.check();
        Model pruned = prune(ticket, whole, progress);
        if (!(pruned instanceof SequenceClassifier classifier)) {
            throw new IllegalRequestException(
                    "task " + spec.task() + " classifies sequences, and a " + whole.architecture() + " model does not");
        }
        try (Compute compute = backend.open(device.address(), settings.threads())) {
            BatchNormRenewal renewal = BatchNormRenewal.of(spec);
            SequenceClassifier ready = renewal == null
                    ? classifier
                    : progress.stopwatch.time(
                            Phase.PRUNE, () -> renewal.apply(classifier, examples, compute, deadline));
            Evaluated evaluated = progress.stopwatch.time(
                    Phase.EVALUATE, () -> new ClassifierEvaluation(ready, compute, deadline).run(examples));
            progress.peakBytes = compute.peakBytes();
            return evaluated;
        }
    }

    private Model prune(JobTicket ticket, Model whole, Progress progress) {
        JobSpec spec = ticket.spec();
        if (spec.method().equals(JobSpec.DENSE)) {
            progress.achieved = achieved(whole, whole, 0, unpruned(whole), null);
            return whole;
        }
        PruningMethod method = Methods.of(spec.method());
        String refusal = method.refusal(whole.architecture());
        if (refusal != null) {
            throw new IllegalRequestException(refusal);
        }
        Ranking ranking = progress.stopwatch.time(Phase.SCORE, () -> inputs.ranking(ticket, method, whole));
        return progress.stopwatch.time(Phase.PRUNE, () -> {
            Mask mask = ranking.mask(spec.ratio());
            Model compacted = mask.compact(whole);
            List<String> remarks = new ArrayList<>(ranking.flags());
            BatchNormRenewal renewal = BatchNormRenewal.of(spec);
            if (renewal != null) {
                remarks.add(renewal.remark());
            }
            String flags = remarks.isEmpty() ? null : String.join("; ", remarks);
            progress.achieved = achieved(whole, compacted, mask.achievedRatio(), mask.keptPerLayer(), flags);
            return compacted;
        });
    }

    private static List<Integer> unpruned(Model model) {
        return model instanceof StatePrunable<?> prunable
                ? prunable.states().stream().map(layer -> layer.count()).toList()
                : List.of();
    }

    private static Achieved achieved(
            Model whole, Model pruned, double ratio, List<Integer> keptPerLayer, @Nullable String flags) {
        return new Achieved(
                ratio,
                1 - pruned.mixerParameters() / (double) whole.mixerParameters(),
                1 - pruned.parameters() / (double) whole.parameters(),
                pruned.parameters(),
                pruned.stateSize(),
                keptPerLayer,
                flags);
    }

    private ResultRow row(JobTicket ticket, Progress progress, @Nullable Metrics metrics, @Nullable Failure failure) {
        JobSpec spec = ticket.spec();
        TaskDefinition task = Tasks.definition(spec.task());
        PruningMethod method = Methods.find(spec.method());
        Coordinates coordinates = new Coordinates(
                spec.model(),
                progress.architecture,
                spec.task(),
                spec.taskVersion(),
                Tasks.protocol(spec.task(), spec.taskParams()),
                task.split(),
                spec.method(),
                method == null ? null : method.granularity(),
                spec.ratio(),
                spec.seed(),
                spec.precision());
        return new ResultRow(
                ticket.sweep(),
                spec.id(),
                ticket.attempt(),
                failure == null ? Status.DONE : Status.FAILED,
                failure,
                coordinates,
                progress.achieved,
                metrics,
                cost(progress, metrics),
                provenance.of(spec, device));
    }

    private Cost cost(Progress progress, @Nullable Metrics metrics) {
        Stopwatch stopwatch = progress.stopwatch;
        double evaluate = stopwatch.seconds(Phase.EVALUATE);
        return new Cost(
                stopwatch.started(),
                Instant.now(),
                stopwatch.seconds(Phase.LOAD),
                stopwatch.seconds(Phase.SCORE),
                stopwatch.seconds(Phase.PRUNE),
                evaluate,
                metrics == null || evaluate == 0 ? null : metrics.tokens() / evaluate,
                progress.peakBytes,
                null,
                device.address());
    }
}
