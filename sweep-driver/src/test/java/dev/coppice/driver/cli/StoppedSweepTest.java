package dev.coppice.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.driver.Main;
import dev.coppice.driver.Shipped;
import dev.coppice.results.ResultRow;
import dev.coppice.results.store.ResultStore;
import dev.coppice.results.store.StoredRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps in processes of their own that are stopped half-way, politely and not. */
class StoppedSweepTest {

    private static final int CELLS = 41;

    @TempDir
    Path folder;

    private @Nullable Process process;

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private Path config() throws IOException {
        String more =
                "ratios = { from = 0.04, to = 0.8, step = 0.04 }, tasks = [{ name = smnist, data = \"%s\", limit = 60 }]"
                        .formatted(Shipped.data("mnist"));
        return Files.writeString(folder.resolve("sweep.conf"), Shipped.config(folder.resolve("out"), more));
    }

    private Path rows() {
        return folder.resolve("out/small/rows");
    }

    private Map<Path, FileTime> rowFiles() throws IOException {
        Map<Path, FileTime> files = new TreeMap<>();
        if (Files.isDirectory(rows())) {
            try (Stream<Path> entries = Files.list(rows())) {
                for (Path file : entries.filter(name -> name.toString().endsWith(".parquet"))
                        .toList()) {
                    files.put(file, Files.getLastModifiedTime(file));
                }
            }
        }
        return files;
    }

    /** Starts a sweep and returns when a few of its rows are there. A build in the background may ignore Ctrl-C: the sweep must not. */
    private Process started(Path config) throws IOException, InterruptedException {
        Process sweep = new ProcessBuilder(
                        "env",
                        "--default-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-Dlog4j2.configurationFile=" + Shipped.root().resolve("conf/log4j2.properties"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "run",
                        config.toString(),
                        "--set",
                        "spark.master=local[2]")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        process = sweep;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (rowFiles().size() < 3) {
            assertThat(sweep.isAlive())
                    .as(Files.readString(folder.resolve("log")))
                    .isTrue();
            assertThat(System.nanoTime()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return sweep;
    }

    private void runsOnlyWhatIsMissing(Path config, Map<Path, FileTime> before) throws IOException {
        assertThat(before).hasSizeBetween(3, CELLS - 1);
        assertThat(CoppiceCommand.run("run", config.toString())).isZero();
        assertThat(rowFiles()).containsAllEntriesOf(before);
        StoredRows stored = ResultStore.at(folder.resolve("out").toString()).rows("small");
        assertThat(stored.rows()).hasSize(CELLS).allMatch(row -> row.attempt() == 1);
        assertThat(stored.rows()).extracting(ResultRow::jobId).doesNotHaveDuplicates();
    }

    @Test
    void aKilledDriverLosesNothingAndGarbageDisturbsNobody() throws IOException, InterruptedException {
        Path config = config();
        started(config).destroyForcibly().waitFor();
        Map<Path, FileTime> before = rowFiles();
        Files.write(rows().resolve("garbage.parquet"), new byte[] {'P', 'A', 'R', '1', 0, 1, 2});
        Files.write(rows().resolve(".half.parquet.tmp"), new byte[] {1, 2, 3});
        runsOnlyWhatIsMissing(config, before);
        assertThat(ResultStore.at(folder.resolve("out").toString())
                        .rows("small")
                        .unreadable())
                .singleElement()
                .satisfies(file -> assertThat(file.path()).endsWith("garbage.parquet"));
    }

    @Test
    void anInterruptedSweepEndsCleanlyAndGoesOn() throws IOException, InterruptedException {
        Path config = config();
        Process sweep = started(config);
        new ProcessBuilder("kill", "-INT", String.valueOf(sweep.pid())).start().waitFor();
        assertThat(sweep.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(sweep.exitValue()).isEqualTo(ExitCodes.INTERRUPTED);
        assertThat(Files.readString(folder.resolve("log")))
                .contains("Finished jobs are safe; to go on, run the same command again.")
                .doesNotContain("Exception");
        runsOnlyWhatIsMissing(config, rowFiles());
    }
}
