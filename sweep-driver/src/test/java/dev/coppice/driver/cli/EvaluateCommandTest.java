package dev.coppice.driver.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.driver.Shipped;
import dev.coppice.results.Metrics;
import dev.coppice.results.ResultRow;
import dev.coppice.results.store.ResultStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {

    private static final String MODEL = Shipped.data("checkpoints/s5-smnist").toString();
    private static final String DATA = Shipped.data("mnist").toString();

    @TempDir
    private Path folder;

    private static Run evaluate(String... more) {
        List<String> args = new ArrayList<>(
                List.of("evaluate", "--model", MODEL, "--task", "smnist", "--data", DATA, "--limit", "20"));
        args.addAll(List.of(more));
        return Run.of(args.toArray(String[]::new));
    }

    private static JsonNode json(Run run) throws IOException {
        assertThat(run.exitCode()).as(run.err()).isZero();
        return new ObjectMapper().readTree(run.out());
    }

    @Test
    void theDenseModelIsEvaluatedWhereNoMethodIsNamed() {
        Run run = evaluate();

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("(?m)^model +s5-smnist$")
                .containsPattern("(?m)^method +dense$")
                .containsPattern("(?m)^kept_per_layer +32 32 32 32$")
                .containsPattern("(?m)^accuracy +1$")
                .doesNotContain("seed", "failure");
    }

    /** One job has one identity and one result, however it is run. */
    @Test
    void theRowIsThatOfASweepsJob() throws IOException {
        Path output = folder.resolve("out");
        Path config = Files.writeString(folder.resolve("sweep.conf"), Shipped.config(output, ""));
        assertThat(Run.of("run", config.toString()).exitCode()).isZero();
        ResultRow ofSweep = ResultStore.at(output.toString()).rows("small").rows().stream()
                .filter(row -> row.coordinates().method().equals("last")
                        && row.coordinates().ratioRequested().toPlainString().equals("0.9"))
                .findFirst()
                .orElseThrow();

        Metrics metrics = requireNonNull(ofSweep.metrics());

        JsonNode row = json(evaluate("--method", "last", "--ratio", "0.9", "--json"));

        assertThat(row.path("job_id").asText()).isEqualTo(ofSweep.jobId().hex());
        assertThat(row.path("accuracy").asDouble()).isEqualTo(metrics.accuracy());
        assertThat(row.path("loss").asDouble()).isEqualTo(metrics.loss());
        assertThat(row.path("ratio_requested").asText()).isEqualTo("0.9");
        assertThat(row.path("kept_per_layer")).hasSize(4);
        assertThat(row.has("failure_kind")).isFalse();
    }

    @Test
    void nothingIsWrittenUnlessAskedForAndThenAnAttemptEachTime() throws IOException {
        Path output = folder.resolve("out");
        evaluate();
        assertThat(Files.exists(output)).isFalse();

        for (int attempt = 1; attempt <= 2; attempt++) {
            JsonNode row = json(evaluate(
                    "--method",
                    "random",
                    "--ratio",
                    "0.3",
                    "--seed",
                    "4",
                    "--out",
                    output.toString(),
                    "--sweep",
                    "mine",
                    "--json"));
            assertThat(row.path("attempt").asInt()).isEqualTo(attempt);
            assertThat(row.path("seed").asInt()).isEqualTo(4);
        }
        assertThat(ResultStore.at(output.toString()).rows("mine").rows()).hasSize(1);
        assertThat(output.resolve("mine/rows")).isDirectoryContaining("glob:**-2.parquet");
    }

    @Test
    void settingsOfTheMethodArePartOfTheJob() throws IOException {
        JsonNode plain = json(evaluate("--method", "last", "--ratio", "0.5", "--json"));
        JsonNode renewed =
                json(evaluate("--method", "last", "--ratio", "0.5", "--param", "reestimate-batch-norm=8", "--json"));

        assertThat(renewed.path("job_id")).isNotEqualTo(plain.path("job_id"));
        assertThat(renewed.path("flags").asText()).contains("8 examples");
    }

    @Test
    void aFailedJobPrintsItsRowAndEndsWithOne() throws IOException {
        Path damaged = Files.createDirectory(folder.resolve("damaged"));
        Files.copy(Path.of(MODEL, "config.json"), damaged.resolve("config.json"));
        Files.copy(Shipped.data("checkpoints/s5-listops/weights.safetensors"), damaged.resolve("weights.safetensors"));

        Run run = Run.of("evaluate", "--model", damaged.toString(), "--task", "smnist", "--data", DATA, "--json");

        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(new ObjectMapper().readTree(run.out()).path("failure_kind").asText())
                .isEqualTo("DATA");
    }

    @Test
    void mistakesEndWithTwoAndSayWhatToDo() {
        assertMistake("did you mean \"last\"", "--method", "lst", "--ratio", "0.5");
        assertMistake("--method and --ratio go together", "--method", "last");
        assertMistake("--method and --ratio go together", "--ratio", "0.5");
        assertMistake("--ratio 0 is the dense model", "--method", "last", "--ratio", "0");
        assertMistake("expected a decimal in [0, 1)", "--method", "last", "--ratio", "1.5");
        assertMistake("no-such-setting", "--method", "last", "--ratio", "0.5", "--param", "no-such-setting=1");
        Run gone = Run.of("evaluate", "--model", MODEL, "--task", "smnist", "--data", "gone");
        assertThat(gone.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(gone.err()).contains("there is no such file or folder");
        assertMistake("the cpu backend has no device \"cpu:9\"", "--set", "worker.device=cpu:9");
        assertMistake("did you mean", "--set", "worker.thread=2");
        Run unfit = Run.of(
                "evaluate",
                "--model",
                MODEL,
                "--task",
                "listops",
                "--data",
                Shipped.data("listops").toString());
        assertThat(unfit.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(unfit.err()).contains("s5-smnist on listops: the model takes pixels");
    }

    private static void assertMistake(String message, String... more) {
        Run run = evaluate(more);
        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains(message);
    }
}
