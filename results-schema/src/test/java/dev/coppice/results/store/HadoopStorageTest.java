package dev.coppice.results.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.results.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store on a file system of Hadoop: "remote" renames as HDFS does, "s3a" is taken for an object store. */
class HadoopStorageTest {

    @TempDir
    private Path output;

    @ParameterizedTest
    @ValueSource(strings = {"remote", "s3a"})
    void aStoreWorksAsOnLocalFiles(String scheme) throws IOException {
        ResultStore store = ResultStore.at(scheme + "://" + output);
        store.writePlan(Rows.SWEEP, Rows.jobs(2));
        store.writeRow(Rows.failed(0, 1, FailureKind.LOST));
        store.writeRow(Rows.done(0, 1));
        store.writeRow(Rows.done(1, 1));
        Files.writeString(output.resolve("demo/rows/garbage.parquet"), "garbage");

        assertThat(store.plan(Rows.SWEEP)).isEqualTo(Rows.jobs(2));
        assertThat(store.row(Rows.SWEEP, Rows.job(1).jobId(), 1)).isEqualTo(Rows.done(1, 1));
        assertThat(store.rows(Rows.SWEEP).rows()).containsExactlyInAnyOrder(Rows.done(0, 1), Rows.done(1, 1));
        assertThat(store.rows(Rows.SWEEP).unreadable()).hasSize(1);
        CompactionReport report = store.compact(Rows.SWEEP);
        assertThat(report.rowsMerged()).isEqualTo(2);
        assertThat(store.rows(Rows.SWEEP).rows()).containsExactlyInAnyOrder(Rows.done(0, 1), Rows.done(1, 1));
        assertThat(names("demo/rows"))
                .as("neither temporary files nor checksums")
                .containsExactly("garbage.parquet");
        assertThat(names("demo/compacted")).hasSize(1);
    }

    @Test
    void bothStoresReadEachOthersFiles() {
        ResultStore.at("remote://" + output).writeRow(Rows.done(0, 1));
        ResultStore.at(output.toString()).writeRow(Rows.done(1, 1));

        assertThat(ResultStore.at(output.toUri().toString()).rows(Rows.SWEEP).rows())
                .containsExactlyInAnyOrder(Rows.done(0, 1), Rows.done(1, 1));
    }

    @Test
    void aSweepThatNeverRanHasNothing() {
        ResultStore store = ResultStore.at("remote://" + output + "/none");

        assertThat(store.rows(Rows.SWEEP).rows()).isEmpty();
        assertThat(store.plan(Rows.SWEEP)).isEmpty();
    }

    @Test
    void anUnknownSchemeIsNamed() {
        assertThatThrownBy(() -> ResultStore.at("gopher://host/results"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot use the output gopher://host/results")
                .hasMessageContaining("No FileSystem for scheme \"gopher\"");
    }

    private List<String> names(String folder) throws IOException {
        try (Stream<Path> files = Files.list(output.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
