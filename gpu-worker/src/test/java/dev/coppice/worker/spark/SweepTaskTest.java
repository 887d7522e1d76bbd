package dev.coppice.worker.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.results.Achieved;
import dev.coppice.results.Coordinates;
import dev.coppice.results.JobSpec;
import dev.coppice.results.Metrics;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Status;
import dev.coppice.results.store.ResultStore;
import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.job.LostJob;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a task tells of a job whose row an earlier try of it has written. */
class SweepTaskTest {

    private static final JobTicket TICKET = new JobTicket(
            new JobSpec(
                    "model",
                    "ab".repeat(32),
                    "smnist",
                    "1",
                    new TreeMap<>(),
                    "last",
                    new TreeMap<>(),
                    new TreeMap<>(),
                    new BigDecimal("0.5"),
                    null,
                    "float32"),
            "sweep",
            2,
            "model",
            null,
            "data",
            null,
            null);

    @TempDir
    private Path folder;

    private ResultStore store = ResultStore.at("");

    @BeforeEach
    void open() {
        store = ResultStore.at(folder.toString());
    }

    private static ResultRow failed() {
        Coordinates coordinates = new Coordinates(
                "model", "s5", "smnist", "1", "accuracy", "test", "last", null, new BigDecimal("0.5"), null, "float32");
        return LostJob.row(TICKET, coordinates, "the layer's scores are NaN");
    }

    private static ResultRow done() {
        ResultRow row = failed();
        return new ResultRow(
                row.sweep(),
                row.jobId(),
                row.attempt(),
                Status.DONE,
                null,
                row.coordinates(),
                new Achieved(0.5, 0.5, 0.5, 100, 64, 256L, List.of(16, 16), null),
                Metrics.ofClassifier(1, 0.5, 2, 20),
                row.cost(),
                row.provenance());
    }

    @Test
    void aFailedRowIsToldAsAFailure() {
        store.writeRow(failed());

        assertThat(SweepTask.earlier(1, store, TICKET))
                .isEqualTo(new TaskReport(TICKET.spec().id(), failed().failure(), null));
    }

    @Test
    void aRowThatIsDoneIsToldAsDone() {
        store.writeRow(done());

        assertThat(SweepTask.earlier(1, store, TICKET))
                .isEqualTo(new TaskReport(TICKET.spec().id(), null, null));
    }

    @Test
    void aJobWithoutARowOfThisAttemptIsRun() {
        assertThat(SweepTask.earlier(1, store, TICKET)).isNull();

        store.writeRow(done());
        assertThat(SweepTask.earlier(0, store, TICKET)).as("the first try").isNull();
        assertThat(SweepTask.earlier(1, store, TICKET.withAttempt(3))).isNull();
    }
}
