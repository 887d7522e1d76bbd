package dev.coppice.results.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.results.FailureKind;
import dev.coppice.results.JobId;
import dev.coppice.results.ResultRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionTest {

    private static final int ROWS = 5;

    @TempDir
    private Path output;

    @Test
    void rowsMoveAndAreTheSame() throws IOException {
        ResultStore store = filled(output);
        List<ResultRow> before = sorted(store.rows(Rows.SWEEP).rows());

        CompactionReport report = store.compact(Rows.SWEEP);

        assertThat(report).isEqualTo(new CompactionReport(ROWS + 1, 1, ROWS + 1, List.of()));
        assertThat(tables(output, "rows")).isEmpty();
        assertThat(tables(output, "compacted")).hasSize(1);
        assertThat(sorted(store.rows(Rows.SWEEP).rows())).isEqualTo(before);
        assertThat(store.outcomes(Rows.SWEEP).byJob()).hasSize(ROWS);
    }

    @Test
    void compactingAgainAddsOnlyWhatIsNew() throws IOException {
        ResultStore store = filled(output);
        store.compact(Rows.SWEEP);
        assertThat(store.compact(Rows.SWEEP)).isEqualTo(new CompactionReport(0, 0, 0, List.of()));

        store.writeRow(Rows.done(100, 1));
        assertThat(store.compact(Rows.SWEEP)).isEqualTo(new CompactionReport(1, 1, 1, List.of()));

        assertThat(tables(output, "compacted")).hasSize(2);
        assertThat(store.rows(Rows.SWEEP).rows()).hasSize(ROWS + 1);
    }

    @Test
    void aLateRowOfAnAttemptThatWasGivenUpIsKept() {
        ResultStore store = ResultStore.at(output.toString());
        store.writeRow(Rows.failed(1, 1, FailureKind.LOST));
        store.compact(Rows.SWEEP);
        store.writeRow(Rows.done(1, 1));
        store.compact(Rows.SWEEP);

        assertThat(store.rows(Rows.SWEEP).rows()).containsExactly(Rows.done(1, 1));
    }

    @Test
    void rowsThatArriveMeanwhileStay() throws IOException {
        ResultStore store = filled(output);
        Storage racing = new InterruptedStorage(output, () -> store.writeRow(Rows.done(200, 1)), 1);

        CompactionReport report = new ResultStore(racing).compact(Rows.SWEEP);

        assertThat(report.rowsMerged()).isEqualTo(ROWS + 1);
        assertThat(tables(output, "rows")).hasSize(1);
        assertThat(store.rows(Rows.SWEEP).rows()).hasSize(ROWS + 1).contains(Rows.done(200, 1));
    }

    @Test
    void aReaderDuringACompactionMissesNoRow() throws IOException {
        // The compaction runs whole between the reader's first and second look at the storage, second and third, and so
        // on.
        for (int step = 1; step <= 2 * ROWS + 6; step++) {
            Path folder = output.resolve("step" + step);
            ResultStore store = filled(folder);
            List<ResultRow> before = sorted(store.rows(Rows.SWEEP).rows());
            Storage racing = new InterruptedStorage(folder, () -> store.compact(Rows.SWEEP), step);

            StoredRows read = new ResultStore(racing).rows(Rows.SWEEP);

            assertThat(sorted(read.rows())).as("compaction at step %d", step).isEqualTo(before);
            assertThat(read.unreadable()).isEmpty();
        }
    }

    @Test
    void aCrashAtAnyPointLosesAndDoublesNothing() throws IOException {
        int crashes = 0;
        for (int step = 1; ; step++) {
            Path folder = output.resolve("crash" + step);
            ResultStore store = filled(folder);
            List<ResultRow> before = sorted(store.rows(Rows.SWEEP).rows());
            InterruptedStorage crashing = new InterruptedStorage(
                    folder,
                    () -> {
                        throw new Killed();
                    },
                    step);
            boolean finished = compactsWholly(new ResultStore(crashing));

            assertThat(sorted(store.rows(Rows.SWEEP).rows()))
                    .as("after a crash at step %d", step)
                    .isEqualTo(before);
            store.compact(Rows.SWEEP);
            assertThat(sorted(store.rows(Rows.SWEEP).rows())).isEqualTo(before);
            assertThat(tables(folder, "rows")).isEmpty();
            assertThat(rowsIn(folder)).as("no row is in two compacted files").isEqualTo(ROWS + 1);
            if (finished) {
                break;
            }
            crashes++;
        }
        assertThat(crashes)
                .as("one at each operation: 2 lists, a read and a delete a row, a put")
                .isGreaterThan(2 * ROWS);
    }

    @Test
    void aDiskThatIsFullLosesNothing() throws IOException {
        ResultStore store = filled(output);
        Storage full = new InterruptedStorage(output, () -> {}, Integer.MAX_VALUE) {
            @Override
            public void put(String path, byte[] content) throws IOException {
                throw new IOException("No space left on device");
            }
        };

        assertThatThrownBy(() -> new ResultStore(full).compact(Rows.SWEEP))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot compact the rows of " + output.resolve("demo"))
                .hasMessageContaining("the disk is full")
                .hasMessageContaining("run the same command again");
        assertThat(tables(output, "rows")).hasSize(ROWS + 1);
        assertThat(store.rows(Rows.SWEEP).rows()).hasSize(ROWS);
    }

    private static boolean compactsWholly(ResultStore store) {
        try {
            store.compact(Rows.SWEEP);
            return true;
        } catch (Killed killed) {
            return false;
        }
    }

    /** A store with {@value #ROWS} jobs, one of which took two attempts. */
    private static ResultStore filled(Path folder) {
        ResultStore store = ResultStore.at(folder.toString());
        store.writeRow(Rows.failed(0, 1, FailureKind.LOST));
        store.writeRow(Rows.done(0, 2));
        for (int number = 1; number < ROWS; number++) {
            store.writeRow(Rows.done(number, 1));
        }
        return store;
    }

    private static List<ResultRow> sorted(List<ResultRow> rows) {
        List<ResultRow> sorted = new ArrayList<>(rows);
        sorted.sort((a, b) -> a.jobId().compareTo(b.jobId()));
        return sorted;
    }

    private static List<Path> tables(Path folder, String kind) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("demo").resolve(kind))) {
            return files.toList();
        }
    }

    private static int rowsIn(Path folder) throws IOException {
        List<JobId> ids = new ArrayList<>();
        for (Path file : tables(folder, "compacted")) {
            ParquetRecords.read(
                    new LocalInputFile(file),
                    OutcomeColumns.class,
                    columns -> ids.add(columns.restore().jobId()));
        }
        return ids.size();
    }

    /** What nobody catches, as nobody notices a kill. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** The real storage, with something that happens just before its n-th operation. */
    private static class InterruptedStorage implements Storage {

        private final LocalStorage storage;
        private final Runnable interruption;
        private int countdown;

        InterruptedStorage(Path root, Runnable interruption, int step) {
            this.storage = new LocalStorage(root);
            this.interruption = interruption;
            this.countdown = step;
        }

        private void step() {
            if (--countdown == 0) {
                interruption.run();
            }
        }

        @Override
        public List<String> list(String directory) throws IOException {
            List<String> names = storage.list(directory);
            step();
            return names;
        }

        @Override
        public boolean exists(String path) {
            return storage.exists(path);
        }

        @Override
        public InputFile open(String path) {
            step();
            return storage.open(path);
        }

        @Override
        public void put(String path, byte[] content) throws IOException {
            step();
            storage.put(path, content);
        }

        @Override
        public void delete(String path) throws IOException {
            step();
            storage.delete(path);
        }

        @Override
        public String describe(String path) {
            return storage.describe(path);
        }
    }
}
