package dev.coppice.driver.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.driver.Shipped;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Status;
import dev.coppice.results.store.ResultStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps submitted to a cluster of real processes, with the driver jar that users submit. */
class StandaloneClusterIT {

    private static final int CELLS = 41;

    @TempDir
    static Path clusterFolder;

    private static StandaloneCluster cluster;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        cluster = new StandaloneCluster(clusterFolder);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private Path config() throws IOException {
        String more =
                "ratios = { from = 0.04, to = 0.8, step = 0.04 }, tasks = [{ name = smnist, data = \"%s\", limit = 100 }]"
                        .formatted(Shipped.data("mnist"));
        return Files.writeString(folder.resolve("sweep.conf"), Shipped.config(folder.resolve("out"), more));
    }

    private Map<Path, FileTime> rowFiles() {
        Path rows = folder.resolve("out/small/rows");
        Map<Path, FileTime> files = new TreeMap<>();
        if (Files.isDirectory(rows)) {
            try (Stream<Path> entries = Files.list(rows)) {
                for (Path file : entries.filter(name -> name.toString().endsWith(".parquet"))
                        .toList()) {
                    files.put(file, Files.getLastModifiedTime(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    @Test
    void aKilledExecutorCostsNoRow() throws IOException, InterruptedException {
        Process sweep = cluster.submit("killed-executor", config());
        cluster.await("the first rows", () -> rowFiles().size() >= 3 || !sweep.isAlive());
        Map<Path, FileTime> before = rowFiles();
        List<ProcessHandle> executors = cluster.executors();
        assertThat(executors).as(cluster.log("killed-executor")).isNotEmpty();
        assertThat(executors.get(0).destroyForcibly()).isTrue();
        assertThat(sweep.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(sweep.exitValue()).as(cluster.log("killed-executor")).isZero();
        assertThat(before).hasSizeLessThan(CELLS);
        assertThat(rowFiles()).containsAllEntriesOf(before);
        List<ResultRow> rows =
                ResultStore.at(folder.resolve("out").toString()).rows("small").rows();
        assertThat(rows).hasSize(CELLS).allMatch(row -> row.status() == Status.DONE);
        assertThat(rows).extracting(ResultRow::jobId).doesNotHaveDuplicates();
    }
}
