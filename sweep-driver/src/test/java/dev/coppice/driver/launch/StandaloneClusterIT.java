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
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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

    private List<ResultRow> rows() {
        return ResultStore.at(folder.resolve("out").toString()).rows("small").rows();
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
        List<ResultRow> rows = rows();
        assertThat(rows).hasSize(CELLS).allMatch(row -> row.status() == Status.DONE);
        assertThat(rows).extracting(ResultRow::jobId).doesNotHaveDuplicates();
    }

    /** Executors of two GPUs with two jobs at a time: four jobs at a time, each with a GPU of its own. */
    @Test
    void jobsGetWholeGpusOfTheirOwn() throws IOException, InterruptedException {
        List<ResultRow> rows = sweptOnGpus("whole-gpus", "deploy/gpu-several.conf", "2", "2");

        assertThat(rows).extracting(StandaloneClusterIT::gpu).contains("0", "1", "2", "3");
        assertThat(mostAtOnce(rows)).isEqualTo(1);
        assertThat(rows.stream().collect(Collectors.groupingBy(StandaloneClusterIT::executor)))
                .hasSize(2)
                .allSatisfy((executor, own) -> assertThat(own.stream().map(StandaloneClusterIT::gpu))
                        .as("the GPUs of the worker of executor %s", executor)
                        .hasSameElementsAs(
                                own.stream().anyMatch(row -> gpu(row).compareTo("2") < 0)
                                        ? List.of("0", "1")
                                        : List.of("2", "3")));
    }

    /** Executors of one GPU with two jobs at a time on it. */
    @Test
    void jobsGetPartsOfOneGpu() throws IOException, InterruptedException {
        List<ResultRow> rows = sweptOnGpus("parts-of-gpus", "deploy/gpu-fraction.conf", "1", "2");

        assertThat(mostAtOnce(rows)).isEqualTo(2);
        assertThat(rows.stream().collect(Collectors.groupingBy(StandaloneClusterIT::executor)))
                .allSatisfy((executor, own) ->
                        assertThat(own).extracting(StandaloneClusterIT::gpu).containsOnly(gpu(own.get(0))));
    }

    /** The workers' GPUs are only in the answers of their nvidia-smi: CUDA finds none. */
    @Test
    void aSweepThatAsksForCudaWhereThereIsNoneEndsAtOnce() throws IOException, InterruptedException {
        Path config = Files.writeString(
                folder.resolve("sweep.conf"),
                Shipped.config(folder.resolve("out"), "") + "worker.backend = cuda\nspark.conf {"
                        + " spark.executor.resource.gpu.amount = 1, spark.task.resource.gpu.amount = 1 }\n");
        Process sweep = cluster.submit("no-cuda", config);

        assertThat(sweep.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(sweep.exitValue()).as(cluster.log("no-cuda")).isEqualTo(2);
        assertThat(cluster.log("no-cuda"))
                .containsPattern("The sweep was stopped: executor [01] on .* cannot work: the cuda backend needs");
        assertThat(rowFiles()).isEmpty();
    }

    private static String gpu(ResultRow row) {
        return Objects.requireNonNull(row.cost().placement().gpu());
    }

    private static String executor(ResultRow row) {
        return Objects.requireNonNull(row.cost().placement().executor());
    }

    /** Most jobs that ran at one time on one GPU. */
    private static long mostAtOnce(List<ResultRow> rows) {
        return rows.stream()
                .mapToLong(one -> rows.stream()
                        .filter(other -> gpu(other).equals(gpu(one))
                                && !other.cost().started().isAfter(one.cost().started())
                                && other.cost().finished().isAfter(one.cost().started()))
                        .count())
                .max()
                .orElseThrow();
    }

    /** The shipped model with another dropout, which only training looks at: another model by its fingerprint. */
    private Path twin() throws IOException {
        Path shipped = Shipped.data("checkpoints/s5-smnist");
        Path twin = Files.createDirectories(folder.resolve("twin"));
        Files.copy(shipped.resolve("weights.safetensors"), twin.resolve("weights.safetensors"));
        String config = Files.readString(shipped.resolve("config.json"));
        Files.writeString(twin.resolve("config.json"), config.replace("\"dropout\": 0.0", "\"dropout\": 0.5"));
        return twin;
    }

    /** Two models on two executors: each executor keeps to the model that it has read while there are jobs of it. */
    private List<ResultRow> sweptOnGpus(String name, String settings, String gpus, String cores)
            throws IOException, InterruptedException {
        String more = """
                ratios = { from = 0.05, to = 0.6, step = 0.05 }
                tasks = [{ name = smnist, data = "%s", limit = 200 }]
                models = [{ name = one, path = "%3$s" }, { name = other, path = "%2$s" }]
                """.formatted(Shipped.data("mnist"), twin(), Shipped.data("checkpoints/s5-smnist"));
        Path config = Files.writeString(folder.resolve("sweep.conf"), Shipped.config(folder.resolve("out"), more));
        Process sweep = cluster.submit(
                name,
                config,
                "--properties-file",
                Shipped.root().resolve(settings).toString(),
                "--conf",
                "spark.executor.resource.gpu.amount=" + gpus,
                "--conf",
                "spark.executor.cores=" + cores);
        assertThat(sweep.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(sweep.exitValue()).as(cluster.log(name)).isZero();
        List<ResultRow> rows = rows();
        assertThat(rows).hasSize(2 * 25).allMatch(row -> row.status() == Status.DONE);
        assertThat(rows.stream()
                        .filter(row ->
                                Boolean.TRUE.equals(row.cost().placement().modelLoaded())))
                .as("loads of two models by two executors")
                .hasSizeBetween(2, 3);
        return rows;
    }
}
