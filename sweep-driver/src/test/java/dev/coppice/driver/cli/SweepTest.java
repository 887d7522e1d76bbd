package dev.coppice.driver.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.driver.Shipped;
import dev.coppice.results.FailureKind;
import dev.coppice.results.JobId;
import dev.coppice.results.Metrics;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Sample;
import dev.coppice.results.Status;
import dev.coppice.results.store.ResultStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real sweeps through the command line, on Spark in this process. */
class SweepTest {

    @TempDir
    Path folder;

    private Path config(String more) throws IOException {
        return Files.writeString(folder.resolve("sweep.conf"), Shipped.config(folder.resolve("out"), more));
    }

    private static int coppice(String command, Path config, String... more) {
        return CoppiceCommand.run(Stream.concat(Stream.of(command, config.toString()), Stream.of(more))
                .toArray(String[]::new));
    }

    private List<ResultRow> rows() {
        return ResultStore.at(folder.resolve("out").toString()).rows("small").rows();
    }

    private Map<JobId, Metrics> metrics() {
        Map<JobId, Metrics> metrics = new TreeMap<>();
        for (ResultRow row : rows()) {
            if (row.metrics() != null) {
                metrics.put(row.jobId(), row.metrics());
            }
        }
        return metrics;
    }

    private Map<Path, FileTime> rowFiles() throws IOException {
        Map<Path, FileTime> files = new TreeMap<>();
        try (Stream<Path> entries = Files.list(folder.resolve("out/small/rows"))) {
            for (Path file : entries.toList()) {
                files.put(file, Files.getLastModifiedTime(file));
            }
        }
        return files;
    }

    @Test
    void samplesAreKeptOnRequestAndComparedWithTheDenseModel() throws IOException {
        Path config = config("");
        assertThat(coppice("run", config, "--set", "worker.samples=true")).isZero();

        ResultStore store = ResultStore.at(folder.resolve("out").toString());
        for (ResultRow row : rows()) {
            List<Sample> samples = store.samples("small", row.jobId(), row.attempt());
            assertThat(samples).extracting(Sample::example).containsExactlyElementsOf(range(20));
            assertThat(samples.stream().filter(sample -> Boolean.TRUE.equals(sample.correct())))
                    .hasSize((int) Math.round(
                            20 * requireNonNull(requireNonNull(row.metrics()).accuracy())));
        }
        Run report = Run.of("report", config.toString());
        assertThat(report.out())
                .containsPattern("uniform-magnitude .*\n .*\n  p  .*<.001")
                .contains("McNemar");
    }

    private static List<Integer> range(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @Test
    void aDeviceThatIsNotThereEndsTheSweepBeforeItsFirstJob() throws IOException {
        // An executor whose plugin fails leaves its heartbeats behind, and 60 that nobody hears end the process.
        Run run = Run.of(
                "run",
                config("").toString(),
                "--set",
                "worker.device=[gpu7]",
                "--set",
                "spark.conf={ \"spark.executor.heartbeat.maxFailures\" = 1000000 }");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("the cpu backend has no device \"gpu7\" here; there are cpu");
        assertThat(run.out()).as("a table without a row").isEmpty();
        assertThat(rows()).isEmpty();
        assertThat(coppice("run", config(""))).isZero();
        assertThat(rows()).hasSize(5);
    }

    @Test
    void jobsOfMoreThreadsThanSparkHasEndTheSweepBeforeItsFirstJob() throws IOException {
        Run run = Run.of("run", config("").toString(), "--set", "spark.master=local[1]", "--set", "worker.threads=2");

        assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err())
                .contains("Spark does not start with spark.master = local[1], worker.threads = 2 and spark.conf: ")
                .doesNotContain("defect");
        assertThat(rows()).isEmpty();
    }

    @Test
    void aSweepLeavesARowForEachCellAndRunsNothingTwice() throws IOException {
        Path config = config("");
        assertThat(coppice("run", config)).isZero();

        List<ResultRow> rows = rows();
        assertThat(rows).hasSize(5).allMatch(row -> row.status() == Status.DONE && row.attempt() == 1);
        ResultRow half = rows.stream()
                .filter(row -> row.coordinates().method().equals("last")
                        && row.coordinates().ratioRequested().toPlainString().equals("0.5"))
                .findFirst()
                .orElseThrow();
        assertThat(requireNonNull(half.achieved()).ratio()).isEqualTo(0.5);
        assertThat(requireNonNull(half.achieved()).keptPerLayer().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(64);
        assertThat(requireNonNull(half.achieved()).stateBytes())
                .as("64 complex states in float32")
                .isEqualTo(64 * 8);
        assertThat(requireNonNull(half.metrics()).examples()).isEqualTo(20);
        assertThat(requireNonNull(half.metrics()).tokens()).isEqualTo(20 * 784);
        assertThat(half.provenance().libraries()).containsKey("spark");
        assertThat(half.cost().placement().executor()).isEqualTo("driver");
        assertThat(rows)
                .filteredOn(row -> Boolean.TRUE.equals(row.cost().placement().modelLoaded()))
                .as("the model is read once for all jobs")
                .hasSize(1);
        assertThat(folder.resolve("out/small/report.html")).isNotEmptyFile();

        Map<Path, FileTime> files = rowFiles();
        assertThat(coppice("run", config)).isZero();
        assertThat(rowFiles()).isEqualTo(files);
        assertThat(coppice("compact", config)).isZero();
        assertThat(rowFiles()).isEmpty();
        assertThat(coppice("run", config)).isZero();
        assertThat(rowFiles()).isEmpty();
        assertThat(rows()).hasSize(5);
    }

    @Test
    void metricsDoNotDependOnTheNumberOfTasksOrThreads() throws IOException {
        coppice("run", config(""), "--set", "spark.master=local[2]");
        Map<JobId, Metrics> two = metrics();
        deleteRows();
        coppice("run", config(""), "--set", "spark.master=local[1]");
        assertThat(metrics()).isEqualTo(two).hasSize(5);
        deleteRows();
        coppice("run", config(""), "--set", "spark.master=local[2]", "--set", "worker.threads=2");
        assertThat(metrics()).isEqualTo(two);
    }

    private void deleteRows() throws IOException {
        for (Path file : rowFiles().keySet()) {
            Files.delete(file);
        }
    }

    @Test
    void aJobThatFailsIsARowAndTheOthersGoOn() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        Path shipped = Shipped.data("checkpoints/s5-smnist");
        Files.copy(shipped.resolve("config.json"), model.resolve("config.json"));
        byte[] weights = Files.readAllBytes(shipped.resolve("weights.safetensors"));
        for (int i = weights.length - 4; i < weights.length; i++) {
            weights[i] = (byte) 0xff; // NaN
        }
        Files.write(model.resolve("weights.safetensors"), weights);
        Path config = config(
                "models = [{ name = good, path = \"%s\" }, { name = damaged, path = model }]".formatted(shipped));

        assertThat(coppice("run", config)).isEqualTo(ExitCodes.FAILED);
        assertThat(rows())
                .filteredOn(row -> row.coordinates().model().equals("good"))
                .allMatch(row -> row.status() == Status.DONE);
        assertThat(rows())
                .filteredOn(row -> row.coordinates().model().equals("damaged"))
                .hasSize(5)
                .allSatisfy(row -> {
                    assertThat(requireNonNull(row.failure()).kind()).isEqualTo(FailureKind.DATA);
                    assertThat(requireNonNull(row.failure()).message()).contains("holds NaN at element");
                });

        Map<Path, FileTime> files = rowFiles();
        assertThat(coppice("run", config)).as("deterministic failures stand").isEqualTo(ExitCodes.FAILED);
        assertThat(rowFiles()).isEqualTo(files);
        assertThat(coppice("run", config, "--retry-failed")).isEqualTo(ExitCodes.FAILED);
        assertThat(rows()).filteredOn(row -> row.status() == Status.FAILED).allMatch(row -> row.attempt() == 2);
    }

    @Test
    void failFastStopsAtTheFirstFailure() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        Path shipped = Shipped.data("checkpoints/s5-smnist");
        Files.copy(shipped.resolve("config.json"), model.resolve("config.json"));
        Files.copy(Shipped.data("checkpoints/s5-listops/weights.safetensors"), model.resolve("weights.safetensors"));
        Path config =
                config("models = [{ name = other, path = model }], ratios = { from = 0.01, to = 0.99, step = 0.01 }");
        assertThat(coppice("run", config, "--fail-fast", "--set", "spark.master=local[1]"))
                .isEqualTo(ExitCodes.FAILED);
        assertThat(rows()).hasSizeLessThan(20);
    }

    @Test
    void aModelThatIsReplacedIsAnotherJob() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        Path shipped = Shipped.data("checkpoints/s5-smnist");
        Files.copy(shipped.resolve("config.json"), model.resolve("config.json"));
        Files.copy(shipped.resolve("weights.safetensors"), model.resolve("weights.safetensors"));
        Path config = config("models = [{ name = mine, path = model }], methods = [dense]");
        assertThat(coppice("run", config)).isZero();
        byte[] weights = Files.readAllBytes(model.resolve("weights.safetensors"));
        weights[weights.length - 1] ^= 0x40;
        Files.write(folder.resolve("new"), weights);
        Files.move(folder.resolve("new"), model.resolve("weights.safetensors"), StandardCopyOption.REPLACE_EXISTING);
        coppice("run", config);
        assertThat(rowFiles()).hasSize(2);
    }

    @Test
    void mistakesEndWithTwo() throws IOException {
        assertThat(coppice("run", folder.resolve("none.conf"))).isEqualTo(ExitCodes.USAGE);
        assertThat(coppice("run", config("models = [{ name = gone, path = gone }]")))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(coppice("plan", config("models = [{ name = gone, path = gone }]")))
                .isZero();
        assertThat(coppice("plan", config("models = [{ name = gone, path = gone }]"), "--strict"))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(coppice("plan", config(""), "--no-such-option")).isEqualTo(ExitCodes.USAGE);
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        assertThat(coppice("run", config(""), "--set", "sweep.output=" + file)).isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void statusCountsJobs() throws IOException {
        Path config = config("");
        assertThat(coppice("run", config)).isZero();
        Files.delete(rowFiles().keySet().iterator().next());
        assertThat(ResultStore.at(folder.resolve("out").toString())
                        .outcomes("small")
                        .byJob())
                .hasSize(4);
        assertThat(coppice("status", config)).isZero();
        assertThat(coppice("status", config, "--json")).isZero();
    }
}
