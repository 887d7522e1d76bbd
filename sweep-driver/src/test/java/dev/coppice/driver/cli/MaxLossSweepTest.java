package dev.coppice.driver.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.driver.Shipped;
import dev.coppice.results.ResultRow;
import dev.coppice.results.store.ResultStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches through the command line, on Spark in this process. */
class MaxLossSweepTest {

    private static final String SEARCH = "sweep.ratios=max-loss(6.0)";

    @TempDir
    private Path folder;

    private Path config(String more) throws IOException {
        return Files.writeString(folder.resolve("sweep.conf"), Shipped.config(folder.resolve("out"), more));
    }

    private static Run coppice(String command, Path config, String... more) {
        return Run.of(Stream.concat(Stream.of(command, config.toString()), Stream.of(more))
                .toArray(String[]::new));
    }

    private List<ResultRow> rows() {
        return ResultStore.at(folder.resolve("out").toString()).rows("small").rows();
    }

    private long rowFiles() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("out/small/rows"))) {
            return files.count();
        }
    }

    private static Map<String, JsonNode> answers(Path config, String search) throws IOException {
        Run report = coppice("report", config, "--set", search, "--format", "json");
        assertThat(report.exitCode()).as(report.err()).isZero();
        Map<String, JsonNode> answers = new HashMap<>();
        new ObjectMapper()
                .readTree(report.out())
                .path("max_loss")
                .path("answers")
                .forEach(answer -> answers.put(answer.path("method").asText(), answer));
        return answers;
    }

    /** Largest ratio that loses less than six points of accuracy, by looking at every ratio of the whole grid. */
    private Map<String, String> byLooking() {
        double dense = 0;
        Map<String, Map<String, Double>> accuracies = new HashMap<>();
        for (ResultRow row : rows()) {
            double accuracy = row.metrics() == null || row.metrics().accuracy() == null
                    ? Double.NaN
                    : row.metrics().accuracy();
            if (row.coordinates().method().equals("dense")) {
                dense = accuracy;
            } else {
                accuracies
                        .computeIfAbsent(row.coordinates().method(), method -> new TreeMap<>())
                        .put(row.coordinates().ratioRequested().toPlainString(), accuracy);
            }
        }
        double whole = dense;
        Map<String, String> largest = new HashMap<>();
        accuracies.forEach((method, curve) -> {
            largest.put(method, "0");
            curve.forEach((ratio, accuracy) -> {
                if (100 * (whole - accuracy) < 6 - 1e-6) {
                    largest.put(method, ratio);
                }
            });
        });
        return largest;
    }

    @Test
    void theSearchFindsWhatTheWholeGridShowsWithFewerJobsAndRunsNothingTwice() throws IOException {
        Path config = config("");

        Run run = coppice("run", config, "--set", SEARCH);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(coppice("report", config, "--set", SEARCH, "--format", "markdown")
                        .out())
                .contains(
                        "| model on task | method | whole | ratio | pruned | loss |", "| s5-smnist on smnist | last |");
        assertThat(folder.resolve("out/small/report.html")).content().contains("<h2>Largest ratio that loses less");
        assertThat(run.out()).contains("Largest ratio that loses less than 6.0 points", "mean of last");
        long jobs = rowFiles();
        assertThat(jobs).as("the dense one, and at most four for each method").isBetween(3L, 9L);
        assertThat(coppice("status", config).out()).startsWith(jobs + " done, 0 failed, 0 pending");
        Map<String, JsonNode> found = answers(config, SEARCH);
        assertThat(found).containsOnlyKeys("last", "uniform-magnitude");

        assertThat(coppice("run", config, "--set", SEARCH).exitCode()).isZero();
        assertThat(rowFiles()).as("nothing is left to do").isEqualTo(jobs);

        assertThat(coppice("run", config, "--set", "sweep.ratios={from=0.1,to=0.9,step=0.1}")
                        .exitCode())
                .isZero();
        assertThat(rowFiles()).as("the search's jobs are the grid's").isEqualTo(1 + 2 * 9);
        byLooking().forEach((method, ratio) -> {
            assertThat(requireNonNull(found.get(method)).path("state").asText()).isEqualTo("DECIDED");
            assertThat(requireNonNull(found.get(method)).path("ratio").asText())
                    .as(method)
                    .isEqualTo(ratio);
        });
    }

    @Test
    void aGridThatIsDoneAnswersWithoutFurtherJobsAndAFinerStepGoesOnFromIt() throws IOException {
        Path config = config("methods = [last]");
        assertThat(coppice("run", config, "--set", "sweep.ratios={from=0.1,to=0.9,step=0.1}")
                        .exitCode())
                .isZero();
        assertThat(rowFiles()).isEqualTo(10);

        assertThat(coppice("run", config, "--set", SEARCH).exitCode()).isZero();
        assertThat(rowFiles()).isEqualTo(10);

        String finer = "sweep.ratios={max-loss=6.0,step=0.05}";
        assertThat(coppice("run", config, "--set", finer).exitCode()).isZero();
        assertThat(rowFiles()).as("the one ratio between answer and neighbour").isEqualTo(11);
        double coarse = requireNonNull(answers(config, SEARCH).get("last"))
                .path("ratio")
                .asDouble();
        double fine =
                requireNonNull(answers(config, finer).get("last")).path("ratio").asDouble();
        assertThat(fine - coarse).isBetween(-1e-9, 0.05 + 1e-9);
    }

    @Test
    void theRoundsStopWhereTheDenseModelFails() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.copy(Shipped.data("checkpoints/s5-smnist/config.json"), model.resolve("config.json"));
        Files.copy(Shipped.data("checkpoints/s5-listops/weights.safetensors"), model.resolve("weights.safetensors"));
        Path config = config("models = [{ name = other, path = model }]");

        Run run = coppice("run", config, "--set", SEARCH);

        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(rowFiles()).isEqualTo(1);
        assertThat(coppice("run", config, "--set", SEARCH, "--retry-failed").exitCode())
                .isEqualTo(ExitCodes.FAILED);
        assertThat(rowFiles()).as("tried once more, not for ever").isEqualTo(2);
    }

    @Test
    void rulesLeaveRatiosOutOfTheSearch() throws IOException {
        Path config = config("methods = [last], includes = [{ ratio = \"<0.35\" }]");

        assertThat(coppice("run", config, "--set", SEARCH).exitCode()).isZero();

        assertThat(rows()).allMatch(row -> row.coordinates().ratioRequested().doubleValue() < 0.35);
        assertThat(rows()).anyMatch(row -> row.coordinates().method().equals("dense"));
        assertThat(requireNonNull(answers(config, SEARCH).get("last"))
                        .path("state")
                        .asText())
                .isEqualTo("DECIDED");
    }
}
