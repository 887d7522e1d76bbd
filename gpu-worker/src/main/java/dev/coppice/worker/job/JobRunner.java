package dev.coppice.worker.job;

import dev.coppice.results.JobSpec;
import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.Tasks;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Runs jobs: load, score, mask, compact, evaluate, row. One instance serves all concurrent jobs of a process. Whatever goes
 * wrong with a job becomes a failed row.
 */
public final class JobRunner {

    private final WorkerSettings settings;
    private final Backend backend;
    private final Device device;
    private final JobInputs inputs;
    private final JobPruning pruning;
    private final ResultRows rows;

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
        backend.open(device.address(), settings.threads(), Precision.FLOAT32)
                .close(); // whatever is missing shows now, not in every job
        inputs = new JobInputs(settings.cacheBytes());
        pruning = new JobPruning(inputs);
        rows = new ResultRows(device, new ProvenanceCollector(libraries));
    }

    /**
     * Runs one job to its row, done or failed.
     *
     * @throws Deadline.CancelledException when the thread was interrupted; there is no row then
     */
    public JobResult run(JobTicket ticket) {
        JobProgress progress = new JobProgress();
        try {
            Evaluated evaluated = evaluate(ticket, progress);
            return new JobResult(rows.row(ticket, progress, evaluated.metrics(), null), evaluated.samples());
        } catch (Deadline.CancelledException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError | InternalError e) {
            if (Thread.currentThread()
                    .isInterrupted()) { // an interrupt closes the files being read: no fault of theirs
                throw new Deadline.CancelledException();
            }
            return new JobResult(rows.row(ticket, progress, null, JobFailure.of(e)), List.of());
        }
    }

    /** Models, scores and data loaded so far, each once however many jobs use it. */
    long loads() {
        return inputs.loads();
    }

    private Evaluated evaluate(JobTicket ticket, JobProgress progress) {
        JobSpec spec = ticket.spec();
        Deadline deadline = Deadline.in(ticket.timeLimit());
        InputKind kind = Tasks.definition(spec.task()).inputs().kind();
        Precision precision = precision(spec, kind);
        Model whole = progress.time(Phase.LOAD, () -> inputs.model(ticket));
        progress.read(whole.architecture());
        boolean texts = kind == InputKind.LANGUAGE;
        if (texts && whole instanceof LanguageModel model) {
            return evaluate(ticket, model, precision, progress, deadline);
        }
        if (!texts && whole instanceof SequenceClassifier classifier) {
            return evaluate(ticket, classifier, precision, progress, deadline);
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

    private Evaluated evaluate(
            JobTicket ticket, SequenceClassifier whole, Precision precision, JobProgress progress, Deadline deadline) {
        List<LabelledExample> examples = progress.time(Phase.LOAD, () -> inputs.examples(ticket));
        deadline.check();
        BatchNormRenewal renewal = BatchNormRenewal.of(ticket.spec());
        return compute(precision, progress, compute -> {
            SequenceClassifier pruned = (SequenceClassifier) pruning.prune(ticket, whole, compute, deadline, progress);
            SequenceClassifier ready = renewal == null
                    ? pruned
                    : progress.time(Phase.PRUNE, () -> renewal.apply(pruned, examples, compute, deadline));
            return progress.time(
                    Phase.EVALUATE, () -> new ClassifierEvaluation(ready, compute, deadline).run(examples));
        });
    }

    private Evaluated evaluate(
            JobTicket ticket, LanguageModel whole, Precision precision, JobProgress progress, Deadline deadline) {
        if (BatchNormRenewal.of(ticket.spec()) != null) {
            throw BatchNormRenewal.refusal();
        }
        LanguageDocuments documents = progress.time(Phase.LOAD, () -> inputs.documents(ticket, whole));
        deadline.check();
        return compute(precision, progress, compute -> {
            LanguageModel pruned = (LanguageModel) pruning.prune(ticket, whole, compute, deadline, progress);
            return progress.time(
                    Phase.EVALUATE,
                    () -> new LanguageEvaluation(pruned, compute, deadline).run(documents.task(), documents.list()));
        });
    }

    private Evaluated compute(Precision precision, JobProgress progress, Function<Compute, Evaluated> work) {
        try (Compute compute = backend.open(device.address(), settings.threads(), precision)) {
            Evaluated evaluated = work.apply(compute);
            progress.evaluated(compute.peakBytes());
            return evaluated;
        }
    }
}
