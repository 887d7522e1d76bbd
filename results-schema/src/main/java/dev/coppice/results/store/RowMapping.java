package dev.coppice.results.store;

import static dev.coppice.results.store.Columns.present;

import dev.coppice.results.Achieved;
import dev.coppice.results.Coordinates;
import dev.coppice.results.Cost;
import dev.coppice.results.Failure;
import dev.coppice.results.FailureKind;
import dev.coppice.results.Granularity;
import dev.coppice.results.JobId;
import dev.coppice.results.Metrics;
import dev.coppice.results.Placement;
import dev.coppice.results.Provenance;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Status;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows to columns and back. A group that a row does not have is null in all its columns. */
final class RowMapping {

    private RowMapping() {}

    static RowColumns flatten(ResultRow row) {
        Failure failure = row.failure();
        Coordinates at = row.coordinates();
        Granularity granularity = at.granularity();
        Achieved achieved = row.achieved();
        Metrics metrics = row.metrics();
        Cost cost = row.cost();
        Placement placement = cost.placement();
        return new RowColumns(
                row.sweep(),
                row.jobId().hex(),
                row.attempt(),
                row.status().name(),
                failure == null ? null : failure.kind().name(),
                failure == null ? null : failure.message(),
                at.model(),
                at.architecture(),
                at.task(),
                at.taskVersion(),
                at.protocol(),
                at.split(),
                at.method(),
                granularity == null ? null : granularity.label(),
                at.ratioRequested().doubleValue(),
                at.seed(),
                at.precision(),
                achieved == null ? null : (Double) achieved.ratio(),
                achieved == null ? null : achieved.mixerSparsity(),
                achieved == null ? null : achieved.modelSparsity(),
                achieved == null ? null : (Long) achieved.parameters(),
                achieved == null ? null : (Long) achieved.stateSize(),
                achieved == null ? null : achieved.keptPerLayer(),
                achieved == null ? null : achieved.flags(),
                metrics == null ? null : metrics.accuracy(),
                metrics == null ? null : metrics.accuracyStderr(),
                metrics == null ? null : metrics.accuracyNorm(),
                metrics == null ? null : metrics.accuracyNormStderr(),
                metrics == null ? null : metrics.perplexity(),
                metrics == null ? null : metrics.wordPerplexity(),
                metrics == null ? null : metrics.bytePerplexity(),
                metrics == null ? null : metrics.bitsPerByte(),
                metrics == null ? null : metrics.loss(),
                metrics == null ? null : (Long) metrics.examples(),
                metrics == null ? null : (Long) metrics.tokens(),
                metrics == null ? null : metrics.extra(),
                cost.started(),
                cost.finished(),
                cost.secondsLoad(),
                cost.secondsScore(),
                cost.secondsPrune(),
                cost.secondsEvaluate(),
                cost.tokensPerSecond(),
                cost.peakHostBytes(),
                cost.peakDeviceBytes(),
                placement.device(),
                flatten(row.provenance()),
                placement.deviceMemoryBytes(),
                placement.executor(),
                placement.gpu(),
                placement.modelLoaded(),
                achieved == null ? null : achieved.stateBytes());
    }

    private static ProvenanceColumns flatten(Provenance provenance) {
        return new ProvenanceColumns(
                provenance.version(),
                provenance.gitCommit(),
                provenance.java(),
                provenance.os(),
                provenance.cpu(),
                provenance.driver(),
                provenance.backend(),
                provenance.libraries(),
                provenance.modelSha256(),
                provenance.dataSha256(),
                provenance.host());
    }

    /**
     * The row that {@code columns} hold.
     *
     * @throws IllegalArgumentException when they are not from a result table
     */
    static ResultRow restore(RowColumns columns) {
        return new ResultRow(
                present(columns.sweep(), "sweep"),
                new JobId(present(columns.jobId(), "job_id")),
                columns.attempt(),
                Status.valueOf(present(columns.status(), "status")),
                failure(columns),
                coordinates(columns),
                achieved(columns),
                metrics(columns),
                cost(columns),
                provenance(present(columns.provenance(), "provenance")));
    }

    private static @Nullable Failure failure(RowColumns columns) {
        if (columns.failureKind() == null) {
            return null;
        }
        return new Failure(
                FailureKind.valueOf(columns.failureKind()), present(columns.failureMessage(), "failure_message"));
    }

    private static Coordinates coordinates(RowColumns columns) {
        return new Coordinates(
                present(columns.model(), "model"),
                columns.architecture(),
                present(columns.task(), "task"),
                present(columns.taskVersion(), "task_version"),
                present(columns.protocol(), "protocol"),
                present(columns.split(), "split"),
                present(columns.method(), "method"),
                columns.granularity() == null ? null : Granularity.of(columns.granularity()),
                BigDecimal.valueOf(columns.ratioRequested()),
                columns.seed(),
                present(columns.precision(), "precision"));
    }

    private static @Nullable Achieved achieved(RowColumns columns) {
        if (columns.ratioAchieved() == null) {
            return null;
        }
        return new Achieved(
                columns.ratioAchieved(),
                columns.mixerSparsity(),
                columns.modelSparsity(),
                present(columns.parameters(), "parameters"),
                present(columns.stateSize(), "state_size"),
                columns.stateBytes(),
                columns.keptPerLayer() == null ? List.of() : columns.keptPerLayer(),
                columns.flags());
    }

    private static @Nullable Metrics metrics(RowColumns columns) {
        if (columns.examples() == null) {
            return null;
        }
        return new Metrics(
                columns.accuracy(),
                columns.accuracyStderr(),
                columns.accuracyNorm(),
                columns.accuracyNormStderr(),
                columns.perplexity(),
                columns.wordPerplexity(),
                columns.bytePerplexity(),
                columns.bitsPerByte(),
                columns.loss(),
                columns.examples(),
                present(columns.tokens(), "tokens"),
                columns.extra() == null ? Map.of() : columns.extra());
    }

    private static Cost cost(RowColumns columns) {
        return new Cost(
                present(columns.started(), "started"),
                present(columns.finished(), "finished"),
                columns.secondsLoad(),
                columns.secondsScore(),
                columns.secondsPrune(),
                columns.secondsEvaluate(),
                columns.tokensPerSecond(),
                columns.peakHostBytes(),
                columns.peakDeviceBytes(),
                new Placement(
                        present(columns.device(), "device"),
                        columns.deviceMemoryBytes(),
                        columns.executor(),
                        columns.gpu(),
                        columns.modelLoaded()));
    }

    private static Provenance provenance(ProvenanceColumns columns) {
        return new Provenance(
                columns.version(),
                columns.gitCommit(),
                columns.java(),
                columns.os(),
                columns.cpu(),
                columns.driver(),
                columns.backend(),
                columns.libraries(),
                columns.modelSha256(),
                columns.dataSha256(),
                columns.host());
    }
}
