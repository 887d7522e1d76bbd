package dev.coppice.worker.job;

import dev.coppice.results.Failure;
import dev.coppice.results.FailureKind;
import dev.coppice.results.JobSpec;
import dev.coppice.results.ResultRow;
import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.DeviceLostException;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.Tasks;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs: load, score, mask, compact, evaluate, row. One instance serves all concurrent jobs of a process. Whatever goes
 * wrong with a job becomes a failed row; only what is wrong with its device does not.
 */
public final class JobRunner {

    private final WorkerSettings settings;
    private final Backend backend;
    private final DeviceSlots slots;
    private final JobInputs inputs;
    private final JobPruning pruning;
    private final ResultRows rows;

    /**
     * A runner on the devices that the settings name, or that Spark assigns to jobs.
     *
     * @param libraries versions to record with every row, by library
     */
    public JobRunner(WorkerSettings settings, Map<String, String> libraries) {
        this(Backends.of(settings.backend()), settings, libraries);
    }

    JobRunner(Backend backend, WorkerSettings settings, Map<String, String> libraries) {
        this.settings = settings;
        this.backend = backend;
        slots = new DeviceSlots(backend, settings.devices());
        inputs = new JobInputs(settings.cacheBytes());
        pruning = new JobPruning(inputs);
        rows = new ResultRows(new ProvenanceCollector(libraries));
    }

    /**
     * Opens every device that jobs may get, so that whatever is missing shows before the first job.
     *
     * @param gpus addresses that Spark assigned to the process; empty for none
     * @param largest of the models that jobs will have; null where that is not known
     * @return the devices
     * @throws IllegalStateException when a device or something it needs is not there, or its memory too small
     */
    public List<Device> check(List<String> gpus, @Nullable ModelMemory largest) {
        List<Device> devices = slots.usable(gpus);
        for (Device device : devices) {
            try (Compute compute = open(device, Precision.FLOAT32)) {
                if (largest != null) {
                    largest.requireFits(compute.device(), settings.memory().jobs());
                }
            }
        }
        return devices;
    }

    private Compute open(Device device, Precision precision) {
        return backend.open(device.address(), settings.memory(), settings.threads(), precision);
    }

    /** Fingerprints of the models that are in the cache or on their way there. */
    public Set<String> models() {
        return inputs.models();
    }

    /**
     * Runs one job to its row, done or failed.
     *
     * @throws Deadline.CancelledException when the thread was interrupted; there is no row then
     * @throws DeviceLostException when the device no longer works in this process; there is no row then
     * @throws IllegalStateException when the device is not there
     */
    public JobResult run(JobTicket ticket, Assignment assignment) {
        try (DeviceSlots.Slot slot = slots.take(assignment.gpu())) {
            return run(ticket, assignment, slot.device());
        }
    }

    private JobResult run(JobTicket ticket, Assignment assignment, Device device) {
        JobProgress progress = new JobProgress();
        try {
            Evaluated evaluated = evaluate(new Attempt(ticket, device, progress, Deadline.in(ticket.timeLimit())));
            return new JobResult(
                    rows.row(ticket, device, assignment, progress, evaluated.metrics(), null), evaluated.samples());
        } catch (Deadline.CancelledException | DeviceLostException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError | InternalError e) {
            if (Thread.currentThread()
                    .isInterrupted()) { // an interrupt closes the files being read: no fault of theirs
                throw new Deadline.CancelledException();
            }
            return new JobResult(rows.row(ticket, device, assignment, progress, null, JobFailure.of(e)), List.of());
        }
    }

    /** Models, scores and data loaded so far, each once however many jobs use it. */
    long loads() {
        return inputs.loads();
    }

    /** The row of a job whose device broke while it ran, again: it is tried anew by the next run. */
    public ResultRow lost(JobTicket ticket, Assignment assignment, DeviceLostException broken) {
        List<String> gpus = assignment.gpu() == null ? List.of() : List.of(assignment.gpu());
        Device device = slots.usable(gpus).get(0);
        Failure failure = new Failure(FailureKind.LOST, "its device broke each time it ran: " + broken.getMessage());
        return rows.row(ticket, device, assignment, new JobProgress(), null, failure);
    }

    /** A job that runs. */
    private record Attempt(JobTicket ticket, Device device, JobProgress progress, Deadline deadline) {}

    private Evaluated evaluate(Attempt attempt) {
        JobTicket ticket = attempt.ticket();
        JobProgress progress = attempt.progress();
        JobSpec spec = ticket.spec();
        InputKind kind = Tasks.definition(spec.task()).inputs().kind();
        Precision precision = precision(spec, kind);
        Model whole = progress.time(Phase.LOAD, () -> inputs.model(ticket, progress));
        progress.read(whole.architecture());
        boolean texts = kind == InputKind.LANGUAGE;
        if (texts && whole instanceof LanguageModel model) {
            return evaluate(attempt, model, precision);
        }
        if (!texts && whole instanceof SequenceClassifier classifier) {
            return evaluate(attempt, classifier, precision);
        }
        throw new IllegalRequestException("task " + spec.task()
                + (texts ? " scores the tokens of texts" : " classifies sequences") + ", and a " + whole.architecture()
                + " model does not");
    }

    private Precision precision(JobSpec spec, InputKind kind) {
        try {
            Precision precision = Precision.of(spec.precision());
            String refusal = PrecisionChoice.refusal(backend, precision, kind);
            if (refusal != null) {
                throw new IllegalRequestException(refusal);
            }
            return precision;
        } catch (IllegalArgumentException e) {
            throw new IllegalRequestException(String.valueOf(e.getMessage()));
        }
    }

    private Evaluated evaluate(Attempt attempt, SequenceClassifier whole, Precision precision) {
        JobTicket ticket = attempt.ticket();
        JobProgress progress = attempt.progress();
        Deadline deadline = attempt.deadline();
        List<LabelledExample> examples = progress.time(Phase.LOAD, () -> inputs.examples(ticket));
        deadline.check();
        BatchNormRenewal renewal = BatchNormRenewal.of(ticket.spec());
        return compute(attempt, precision, compute -> {
            SequenceClassifier pruned = (SequenceClassifier) pruning.prune(ticket, whole, compute, deadline, progress);
            SequenceClassifier ready = renewal == null
                    ? pruned
                    : progress.time(Phase.PRUNE, () -> renewal.apply(pruned, examples, compute, deadline));
            return progress.time(Phase.EVALUATE, () -> {
                try (ClassifierEvaluation evaluation = new ClassifierEvaluation(ready, compute, deadline)) {
                    return evaluation.run(examples);
                }
            });
        });
    }

    private Evaluated evaluate(Attempt attempt, LanguageModel whole, Precision precision) {
        JobTicket ticket = attempt.ticket();
        JobProgress progress = attempt.progress();
        Deadline deadline = attempt.deadline();
        if (BatchNormRenewal.of(ticket.spec()) != null) {
            throw BatchNormRenewal.refusal();
        }
        LanguageDocuments documents = progress.time(Phase.LOAD, () -> inputs.documents(ticket, whole));
        deadline.check();
        return compute(attempt, precision, compute -> {
            LanguageModel pruned = (LanguageModel) pruning.prune(ticket, whole, compute, deadline, progress);
            return progress.time(
                    Phase.EVALUATE,
                    () -> new LanguageEvaluation(pruned, compute, deadline).run(documents.task(), documents.list()));
        });
    }

    private Evaluated compute(Attempt attempt, Precision precision, Function<Compute, Evaluated> work) {
        try (Compute compute = open(attempt.device(), precision)) {
            Evaluated evaluated = work.apply(compute);
            attempt.progress().evaluated(compute.peakBytes());
            return evaluated;
        }
    }
}
