package dev.coppice.worker.job;

import dev.coppice.results.Coordinates;
import dev.coppice.results.Cost;
import dev.coppice.results.Failure;
import dev.coppice.results.JobSpec;
import dev.coppice.results.Metrics;
import dev.coppice.results.Placement;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Status;
import dev.coppice.worker.compute.Device;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.task.TaskDefinition;
import dev.coppice.worker.task.Tasks;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Writes down what became of a job. */
final class ResultRows {

    private final ProvenanceCollector provenance;

    /** Rows with what {@code provenance} collects. */
    ResultRows(ProvenanceCollector provenance) {
        this.provenance = provenance;
    }

    /**
     * The row of a job.
     *
     * @param device where it ran
     * @param assignment what Spark gave it
     * @param metrics null when it failed
     * @param failure null when it is done
     */
    ResultRow row(
            JobTicket ticket,
            Device device,
            Assignment assignment,
            JobProgress progress,
            @Nullable Metrics metrics,
            @Nullable Failure failure) {
        JobSpec spec = ticket.spec();
        TaskDefinition task = Tasks.definition(spec.task());
        PruningMethod method = Methods.find(spec.method(), spec.methodParams());
        Coordinates coordinates = new Coordinates(
                spec.model(),
                progress.architecture(),
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
                progress.achieved(),
                metrics,
                cost(placement(device, assignment, progress), progress, metrics),
                provenance.of(spec, device));
    }

    private static Placement placement(Device device, Assignment assignment, JobProgress progress) {
        return new Placement(
                device.label(), device.memoryBytes(), assignment.executor(), assignment.gpu(), progress.modelLoaded());
    }

    private static Cost cost(Placement placement, JobProgress progress, @Nullable Metrics metrics) {
        Stopwatch stopwatch = progress.stopwatch();
        boolean onHost = placement.deviceMemoryBytes() == null; // only devices have a memory of their own
        double evaluate = stopwatch.seconds(Phase.EVALUATE);
        return new Cost(
                stopwatch.started(),
                Instant.now(),
                stopwatch.seconds(Phase.LOAD),
                stopwatch.seconds(Phase.SCORE),
                stopwatch.seconds(Phase.PRUNE),
                evaluate,
                metrics == null || evaluate == 0 ? null : metrics.tokens() / evaluate,
                onHost ? progress.peakBytes() : null,
                onHost ? null : progress.peakBytes(),
                placement);
    }
}
