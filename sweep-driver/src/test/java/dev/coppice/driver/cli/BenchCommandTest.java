package dev.coppice.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.coppice.driver.Shipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {

    private static final String MODEL = Shipped.data("checkpoints/mamba2-tiny").toString();

    private static JsonNode line(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("bench", "--repeats", "1", "--threads", "2"));
        command.addAll(List.of(options));
        Run run = Run.of(command.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.toString()).isZero();
        return JsonMapper.builder().build().readTree(run.out());
    }

    @Test
    void aClassifiersLineHasThePeersFields() throws IOException {
        JsonNode line = line("--preset", "smnist", "--batch", "2", "--kept-states", "0.5");

        assertThat(line.path("bench").asText()).isEqualTo("coppice_s5");
        assertThat(line.path("states_per_layer").asInt()).isEqualTo(16);
        assertThat(line.path("sequences_per_s").asDouble()).isPositive();
        assertThat(line.path("warm").path("cpu_median_s").asDouble()).isNotNegative();
        assertThat(line.path("options").path("kept_states").asDouble()).isEqualTo(0.5);
    }

    @Test
    void aStoredClassifierIsMeasuredOnATask() throws IOException {
        JsonNode line = line(
                "--model",
                Shipped.data("checkpoints/s4d-smnist").toString(),
                "--task",
                "smnist",
                "--limit",
                "4",
                "--data",
                Shipped.data("mnist").toString());

        assertThat(line.path("bench").asText()).isEqualTo("coppice_s4d");
        assertThat(line.path("batch").asInt()).isEqualTo(4);
        assertThat(line.path("tokens_per_s").asDouble())
                .isCloseTo(784 * line.path("sequences_per_s").asDouble(), withinPercentage(0.2));
        assertThat(line.path("share_of_peak").asDouble()).isBetween(0.0, 1.0);
        assertThat(line.path("tensor_mib").asInt()).isPositive();
    }

    @Test
    void prefillOfAModelIsMeasured() throws IOException {
        JsonNode line = line("--model", MODEL, "--batch", "2", "--length", "32");

        JsonNode figures = line.path("prefill").path("2x32");
        assertThat(figures.path("tokens_per_s").asDouble()).isPositive();
        assertThat(figures.path("share_of_peak").asDouble()).isBetween(0.0, 1.0);
        assertThat(line.path("peak_rss_mib").asLong()).isPositive();
        assertThat(line.path("options").path("precision").asText()).isEqualTo("float32");
    }

    @Test
    void pruningIsMeasuredAtEachRatio() throws IOException {
        JsonNode line = line(
                "--model",
                MODEL,
                "--prune",
                "wanda",
                "--param",
                "propagate=dense",
                "--ratios",
                "0.25,0.5",
                "--samples",
                "3",
                "--window",
                "32");

        assertThat(line.path("calibration_tokens").asInt()).isEqualTo(96);
        assertThat(line.path("ratios")).hasSize(2);
        assertThat(line.path("ratios").path(1).path("achieved").asDouble()).isEqualTo(0.5);
        assertThat(line.path("seconds").asDouble())
                .isGreaterThanOrEqualTo(line.path("score_s").asDouble());
    }

    @Test
    void aTaskIsMeasured() throws IOException {
        JsonNode line = line(
                "--model",
                MODEL,
                "--task",
                "piqa",
                "--limit",
                "4",
                "--data",
                Shipped.data("lm").toString());

        JsonNode figures = line.path("tasks").path("piqa");
        assertThat(figures.path("documents").asInt()).isEqualTo(4);
        assertThat(figures.path("requests").asInt()).isEqualTo(8);
        assertThat(figures.path("documents_per_s").asDouble()).isPositive();
        assertThat(figures.path("computed_tokens").asInt())
                .isPositive()
                .isLessThan(figures.path("tokens").asInt());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--preset smnst | there is no preset \"smnst\"",
                "--preset mamba2-130m --layer s4d | --layer and --kept-states are options of classifiers",
                "--preset smnist --length 5 | are options of language models",
                "--preset mamba2-130m --task piqa | a preset has neither a folder nor a tokenizer",
                "--model MODEL --task pica | unknown task \"pica\"",
                "--model CLASSIFIER | classifies sequences; add a task and its data",
                "--model CLASSIFIER --task smnst --data x | did you mean \"smnist\"?",
                "--model CLASSIFIER --task piqa --data x | --task piqa: the model classifies sequences",
                "--model CLASSIFIER --task smnist --data x --batch 2 | --batch, --length and --dtype are for random inputs or weights",
                "--model MODEL --task piqa --limit 0 | limit",
                "--model MODEL --task piqa --batch 2 | a task has its own documents",
                "--model MODEL --limit 2 | --limit and --data go with --task",
                "--model MODEL --dtype float16 | a model has its own",
                "--model MODEL --length 0 | batch and length are at least 1",
                "--preset smnist --prune wanda | --prune needs --model, or --preset with the shape of a language model",
                "--model MODEL --prune wand | did you mean \"wanda\"?",
                "--model MODEL --prune last | last does not prune mamba2 models",
                "--model MODEL --prune wanda --ratios 0 | --ratios lie above 0 and below 1",
                "--model MODEL --prune wanda --samples 0 | --samples and --window are at least 1",
                "--model MODEL --prune wanda --task piqa | which --prune does without",
                "--preset smnist --batch 0 | a batch has at least 1 sequence",
                "--repeats 0 | threads and repeats are at least 1",
                "--backend gpu | there is no backend \"gpu\"",
                "--device 7 | has no device \"7\""
            })
    void mistakesAreExplained(String options, String message) {
        Run run = Run.of(("bench "
                        + options.replace("MODEL", MODEL)
                                .replace(
                                        "CLASSIFIER",
                                        Shipped.data("checkpoints/s5-smnist").toString()))
                .split(" "));

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains(message);
    }

    @Test
    void wholeJobsAreMeasuredOneAndTwoAtATime(@TempDir Path folder) throws IOException {
        Path config = folder.resolve("jobs.conf");
        Files.writeString(config, """
                sweep {
                  name = jobs
                  models = [ { name = tiny, path = "%s" } ]
                  tasks = [ { name = smnist, data = "%s", limit = 4 }, { name = piqa, data = "%s", limit = 1 } ]
                  methods = [ weight-magnitude ]
                  ratios = [0.5]
                  output = "out"
                }
                """.formatted(MODEL, Shipped.data("mnist"), Shipped.data("lm")));

        JsonNode line = line("--sweep", config.toString(), "--at-once", "1,2", "--set", "sweep.name=others");

        assertThat(line.path("bench").asText()).isEqualTo("coppice_sweep");
        assertThat(line.path("sweep").asText()).isEqualTo("others");
        assertThat(line.path("jobs").asInt()).isEqualTo(2);
        assertThat(line.path("passes")).hasSize(2);
        JsonNode second = line.path("passes").path(1);
        assertThat(second.path("at_once").asInt()).isEqualTo(2);
        assertThat(second.path("failed").asInt()).isZero();
        assertThat(second.path("cells_per_hour").asDouble()).isPositive();
        assertThat(second.path("job_seconds").path("evaluate").asDouble()).isPositive();
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void wholeJobsTakeNoOptionsOfOtherMeasurements() {
        Run run = Run.of("bench", "--sweep", "any.conf", "--preset", "smnist");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--preset and --batch are options of random weights");
    }
}
