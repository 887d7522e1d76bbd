package dev.coppice.results.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.results.FailureKind;
import dev.coppice.results.JobId;
import dev.coppice.results.Outcome;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Sample;
import dev.coppice.results.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultStoreTest {

    @TempDir
    private Path output;

    @Test
    void rowsAreWrittenWhereTheLayoutSaysAndReadBack() throws IOException {
        ResultStore store = store();
        ResultRow row = Rows.done(1, 1);

        store.writeRow(row);

        Path file = output.resolve("demo/rows/" + row.jobId().hex() + "-1.parquet");
        assertThat(files()).containsExactly(file);
        assertThat(store.rows(Rows.SWEEP).rows()).containsExactly(row);
        assertThat(store.row(Rows.SWEEP, row.jobId(), 1)).isEqualTo(row);
        assertThat(store.row(Rows.SWEEP, row.jobId(), 2)).isNull();
        Files.writeString(file, "torn");
        assertThat(store.row(Rows.SWEEP, row.jobId(), 1)).isNull();
    }

    @Test
    void samplesAreWrittenWhereTheLayoutSaysAndReadBack() throws IOException {
        ResultStore store = store();
        JobId job = Rows.job(1).jobId();
        List<Sample> samples = List.of(
                new Sample(0, 2, 1, false, true, -3.25, List.of(-4.0, -1.5, -3.25), 3, null, null),
                new Sample(1, null, null, null, null, -812.5, List.of(), 255, 180, 1_024));

        store.writeSamples(Rows.SWEEP, job, 1, samples);

        Path file = output.resolve("demo/samples/" + job.hex() + "-1.parquet");
        assertThat(files()).containsExactly(file);
        assertThat(store.samples(Rows.SWEEP, job, 1)).isEqualTo(samples);
        assertThat(store.samples(Rows.SWEEP, job, 2)).isEmpty();
        Files.writeString(file, "no table at all, but longer than a footer");
        assertThat(store.samples(Rows.SWEEP, job, 1)).isEmpty();
        assertThat(store.rows(Rows.SWEEP).rows()).isEmpty();
    }

    @Test
    void theLatestSuccessfulAttemptCountsElseTheLatest() {
        ResultStore store = store();
        store.writeRow(Rows.failed(1, 1, FailureKind.LOST));
        store.writeRow(Rows.done(1, 2));
        store.writeRow(Rows.failed(1, 3, FailureKind.RESOURCE));
        store.writeRow(Rows.failed(2, 1, FailureKind.LOST));
        store.writeRow(Rows.failed(2, 2, FailureKind.NUMERIC));

        assertThat(store.rows(Rows.SWEEP).rows())
                .containsExactlyInAnyOrder(Rows.done(1, 2), Rows.failed(2, 2, FailureKind.NUMERIC));
        JobId first = Rows.job(1).jobId();
        JobId second = Rows.job(2).jobId();
        assertThat(store.outcomes(Rows.SWEEP).byJob())
                .hasSize(2)
                .containsEntry(first, Rows.done(1, 2).outcome())
                .containsEntry(second, Rows.failed(2, 2, FailureKind.NUMERIC).outcome());
    }

    @Test
    void aSweepThatNeverRanHasNothing() {
        ResultStore store = store();

        assertThat(store.rows(Rows.SWEEP).rows()).isEmpty();
        assertThat(store.outcomes(Rows.SWEEP).byJob()).isEmpty();
        assertThat(store.plan(Rows.SWEEP)).isEmpty();
        assertThat(store.compact(Rows.SWEEP)).isEqualTo(new CompactionReport(0, 0, 0, List.of()));
        assertThat(output).isEmptyDirectory();
    }

    @Test
    void filesThatAreNoTablesAreReportedAndDisturbNobody() throws IOException {
        ResultStore store = store();
        ResultRow good = Rows.done(1, 1);
        store.writeRow(good);
        Path rows = output.resolve("demo/rows");
        byte[] whole = Files.readAllBytes(rows.resolve(good.jobId().hex() + "-1.parquet"));
        Files.write(rows.resolve("cut.parquet"), Arrays.copyOf(whole, whole.length / 2));
        Files.write(rows.resolve("empty.parquet"), new byte[0]);
        Files.writeString(rows.resolve("text.parquet"), "no table at all, but longer than a footer");
        Files.write(
                rows.resolve("plan.parquet"), ParquetRecords.encodeOne(PlanColumns.class, PlanColumns.of(Rows.job(5))));
        Files.write(rows.resolve(".half-written.parquet.1f.tmp"), Arrays.copyOf(whole, 100));
        Files.createDirectories(rows.resolve("folder.parquet"));

        StoredRows read = store.rows(Rows.SWEEP);
        StoredOutcomes outcomes = store.outcomes(Rows.SWEEP);

        assertThat(read.rows()).containsExactly(good);
        assertThat(outcomes.byJob().values()).containsExactly(good.outcome());
        assertThat(read.unreadable())
                .extracting(UnreadableFile::path)
                .containsExactly(
                        path(rows, "cut.parquet"),
                        path(rows, "empty.parquet"),
                        path(rows, "plan.parquet"),
                        path(rows, "text.parquet"));
        assertThat(read.unreadable())
                .extracting(UnreadableFile::reason)
                .allSatisfy(reason -> assertThat(reason).isNotBlank());
        assertThat(outcomes.unreadable()).hasSize(4);
        assertThat(store.compact(Rows.SWEEP).unreadable()).hasSize(4);
        assertThat(rows.resolve("cut.parquet")).exists();
    }

    @Test
    void thePlanIsTheNewestAndKeptOnce() throws IOException {
        ResultStore store = store();
        store.writePlan(Rows.SWEEP, Rows.jobs(3));
        store.writePlan(Rows.SWEEP, Rows.jobs(3));
        assertThat(store.plan(Rows.SWEEP)).isEqualTo(Rows.jobs(3));
        assertThat(files()).hasSize(1);

        store.writePlan(Rows.SWEEP, Rows.jobs(5));
        assertThat(store.plan(Rows.SWEEP)).isEqualTo(Rows.jobs(5));
        store.writePlan(Rows.SWEEP, Rows.jobs(3));
        assertThat(store.plan(Rows.SWEEP)).isEqualTo(Rows.jobs(3));
        assertThat(files()).hasSize(3);
    }

    @Test
    void aBrokenPlanSaysWhatToDo() throws IOException {
        ResultStore store = store();
        Files.createDirectories(output.resolve("demo/plan"));
        Files.writeString(output.resolve("demo/plan/000001-x.parquet"), "garbage");

        assertThatThrownBy(() -> store.plan(Rows.SWEEP))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("demo/plan/000001-x.parquet cannot be read")
                .hasMessageContaining("run the sweep again");
    }

    @Test
    void manyThreadsMayWrite() {
        ResultStore store = store();

        IntStream.range(0, 64).parallel().forEach(number -> store.writeRow(Rows.done(number, 1)));

        assertThat(store.outcomes(Rows.SWEEP).byJob().values())
                .hasSize(64)
                .allMatch(outcome -> outcome.equals(new Outcome(outcome.jobId(), 1, Status.DONE, null)));
    }

    @Test
    void anOutputThatIsAFileIsNamed() throws IOException {
        Path file = Files.writeString(output.resolve("results"), "a file");
        ResultStore store = ResultStore.at(file.toString());

        assertThatThrownBy(() -> store.writeRow(Rows.done(1, 1)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot write the row " + file)
                .hasMessageContaining("there is a file where a folder is needed");
        assertThatThrownBy(() -> store.rows(Rows.SWEEP))
                .hasMessageContaining("there is a file where a folder is needed");
    }

    @Test
    void anOutputThatCannotBeMadeIsNamed() {
        ResultStore store = ResultStore.at("/proc/coppice");

        assertThatThrownBy(() -> store.writeRow(Rows.done(1, 1)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot write the row /proc/coppice/demo/rows/")
                .hasMessageContaining("Check that the output is reachable");
    }

    @Test
    void aSweepNameThatIsNoFolderNameIsRefused() {
        assertThatThrownBy(() -> store().rows("../secrets"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"../secrets\" is not");
    }

    private ResultStore store() {
        return ResultStore.at(output.toString());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(output)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String path(Path folder, String name) {
        return folder.resolve(name).toString();
    }
}
