package dev.coppice.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.driver.Shipped;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.Checkpoints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PruneCommandTest {

    @TempDir
    private Path folder;

    private static Run coppice(String command, Object... args) {
        List<String> all = new ArrayList<>(List.of(command));
        for (Object arg : args) {
            all.add(arg.toString());
        }
        return Run.of(all.toArray(String[]::new));
    }

    private static JsonNode json(Run run) throws IOException {
        assertThat(run.exitCode()).as(run.err()).isZero();
        return new ObjectMapper().readTree(run.out());
    }

    private static JsonNode evaluated(Object model, Object... more) throws IOException {
        List<Object> args = new ArrayList<>(List.of("--model", model, "--task", "smnist", "--data"));
        args.add(Shipped.data("mnist"));
        args.addAll(List.of("--limit", "20", "--json"));
        args.addAll(List.of(more));
        return json(coppice("evaluate", args.toArray()));
    }

    @Test
    void thePrunedClassifierIsAModelOfTheSameOutputs() throws IOException {
        Path model = Shipped.data("checkpoints/s5-smnist");
        Path out = folder.resolve("pruned");

        JsonNode pruned =
                json(coppice("prune", "--model", model, "--method", "last", "--ratio", "0.7", "--out", out, "--json"));

        JsonNode inMemory = evaluated(model, "--method", "last", "--ratio", "0.7");
        JsonNode read = evaluated(out);
        assertThat(read.path("method").asText()).isEqualTo("dense");
        assertThat(read.path("loss").asDouble()).isCloseTo(inMemory.path("loss").asDouble(), Offset.offset(1e-5));
        assertThat(pruned.path("kept_per_layer")).isEqualTo(inMemory.path("kept_per_layer"));
        assertThat(pruned.path("ratio_achieved")).isEqualTo(inMemory.path("ratio_achieved"));
        assertThat(out).isDirectoryContaining("glob:**config.json").isDirectoryContaining("glob:**model.safetensors");
        assertThat(out).isDirectoryNotContaining("glob:**RESULTS.json");
    }

    @Test
    void uniformMethodsAreCompactedAndOthersRefused() throws IOException {
        Path model = Shipped.data("checkpoints/s5-smnist");
        Path out = folder.resolve("compact");

        json(coppice(
                "prune",
                "--model",
                model,
                "--method",
                "uniform-hinf",
                "--ratio",
                "0.5",
                "--out",
                out,
                "--compact",
                "--json"));
        JsonNode inMemory = evaluated(model, "--method", "uniform-hinf", "--ratio", "0.5");
        JsonNode read = evaluated(out);
        assertThat(read.path("parameters")).isEqualTo(inMemory.path("parameters"));
        assertThat(read.path("loss")).isEqualTo(inMemory.path("loss"));

        Path refused = folder.resolve("refused");
        Run run =
                coppice("prune", "--model", model, "--method", "last", "--ratio", "0.3", "--out", refused, "--compact");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains("S5's layout has one ssm_size for all layers, and this mask keeps [");
        assertThat(refused).doesNotExist();
    }

    /** Weights keep their type, and what was tied is tied. */
    @Test
    void thePrunedLanguageModelIsAModelOfTheSamePerplexity() throws IOException {
        Path model = Shipped.data("checkpoints/mamba2-tiny");
        Path text = Files.writeString(
                folder.resolve("calibration.txt"), "The keeper of the light went up the stairs once more. ".repeat(60));
        Path out = folder.resolve("pruned");
        Object[] how = {
            "--model",
            model,
            "--method",
            "wanda",
            "--ratio",
            "0.5",
            "--calibration",
            text,
            "--set",
            "sweep.calibration.samples=3",
            "--set",
            "sweep.calibration.length=64",
            "--json"
        };

        JsonNode pruned = json(coppice("prune", with(how, "--out", out)));

        Object[] task = {"--task", "wikitext2", "--data", Shipped.data("lm"), "--limit", "1", "--protocol", "raw-256"};
        JsonNode inMemory = json(coppice("evaluate", with(how, task)));
        JsonNode read = json(coppice("evaluate", with(new Object[] {"--model", out, "--json"}, task)));
        assertThat(read.path("perplexity")).isEqualTo(inMemory.path("perplexity"));
        assertThat(pruned.path("ratio_achieved")).isEqualTo(inMemory.path("ratio_achieved"));
        assertThat(Files.size(out.resolve("model.safetensors")))
                .isCloseTo(Files.size(model.resolve("model.safetensors")), Offset.offset(8192L));
        for (String file : List.of("config.json", "tokenizer.json")) {
            assertThat(out.resolve(file)).hasSameBinaryContentAs(model.resolve(file));
        }

        Run compact = coppice("prune", with(how, "--out", folder.resolve("compact"), "--compact"));
        assertThat(compact.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(compact.err()).contains("matrices with zeros have their shapes");
    }

    /** States of language models: the layout says how many each layer has, so that they can be left out. */
    @Test
    void statesOfLanguageModelsAreLeftOutWhereTheLayoutCanSayIt() throws IOException {
        Path model = Shipped.data("checkpoints/mamba2-tiny");
        Object[] how = {"--model", model, "--method", "dstate-magnitude", "--ratio", "0.5", "--json"};
        Object[] task = {"--task", "wikitext2", "--data", Shipped.data("lm"), "--limit", "1", "--protocol", "raw-256"};
        Path out = folder.resolve("compact");

        json(coppice("prune", with(how, "--out", out, "--compact")));

        JsonNode inMemory = json(coppice("evaluate", with(how, task)));
        JsonNode read = json(coppice("evaluate", with(new Object[] {"--model", out, "--json"}, task)));
        assertThat(read.path("perplexity")).isEqualTo(inMemory.path("perplexity"));
        assertThat(read.path("parameters")).isEqualTo(inMemory.path("parameters"));
        assertThat(read.path("state_size")).isEqualTo(inMemory.path("state_size"));
        assertThat(read.path("state_bytes").asLong())
                .isEqualTo(4 * read.path("state_size").asLong());
    }

    /** Calibrated on inputs of the task, named the same way by both commands. */
    @Test
    void theClassifierWithoutWeightsIsAModelOfTheSameOutputs() throws IOException {
        for (String model : List.of("s5-smnist", "s4d-smnist")) {
            Path out = folder.resolve(model);
            Object[] how = {
                "--model",
                Shipped.data("checkpoints/" + model),
                "--task",
                "smnist",
                "--data",
                Shipped.data("mnist"),
                "--method",
                "wanda",
                "--param",
                "targets=all",
                "--ratio",
                "0.6",
                "--calibration-inputs",
                "evaluation",
                "--set",
                "sweep.calibration.samples=5",
                "--json"
            };
            JsonNode pruned = json(coppice("prune", with(how, "--out", out)));
            JsonNode inMemory = json(coppice("evaluate", with(how, "--limit", "20")));
            JsonNode read = evaluated(out);
            assertThat(read.path("loss")).isEqualTo(inMemory.path("loss"));
            assertThat(pruned.path("ratio_achieved")).isEqualTo(inMemory.path("ratio_achieved"));
            assertThat(inMemory.path("model_sparsity").asDouble()).isBetween(0.2, 0.6);

            Run compact = coppice("prune", with(how, "--out", folder.resolve("small"), "--compact"));
            assertThat(compact.exitCode()).isEqualTo(ExitCodes.USAGE);
            assertThat(compact.err()).contains("nothing gets smaller");
        }
    }

    /** Only texts need a tokenizer. */
    @Test
    void aModelWithoutATokenizerIsPrunedByMethodsThatReadNoText() throws IOException {
        Path shipped = Shipped.data("checkpoints/mamba2-tiny");
        Path model = Files.createDirectory(folder.resolve("model"));
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(shipped.resolve(file), model.resolve(file));
        }
        Object[] half = {"--model", model, "--ratio", "0.5", "--json"};

        json(coppice(
                "prune", with(half, "--method", "headdim-magnitude", "--compact", "--out", folder.resolve("half"))));

        Path text = Files.writeString(folder.resolve("calibration.txt"), "The keeper of the light. ".repeat(60));
        assertMistake(
                "model/tokenizer.json: there is no such file", with(half, "--method", "wanda", "--calibration", text));
    }

    /** A file that was made may name what it was calibrated on, without any data to evaluate. */
    @Test
    void trainingDataIsEnoughToPrune() throws IOException {
        Path training = Files.createDirectory(folder.resolve("training"));
        Files.copy(Shipped.data("listops/basic_test.tsv.xz"), training.resolve("basic_test.tsv.xz"));
        Path out = folder.resolve("pruned");

        json(coppice(
                "prune",
                "--model",
                Shipped.data("checkpoints/s5-listops"),
                "--method",
                "wanda",
                "--ratio",
                "0.5",
                "--task",
                "listops",
                "--training",
                training,
                "--calibration-inputs",
                "training",
                "--set",
                "sweep.calibration.samples=2",
                "--out",
                out,
                "--json"));

        try (Checkpoint written = Checkpoints.open(out, null)) {
            float[] b = written.read("params/encoder/layers_3/seq/B").toFloats();
            int zeros = 0;
            for (float value : b) {
                zeros += value == 0 ? 1 : 0;
            }
            assertThat(zeros).isEqualTo(b.length / 2);
        }
        assertThat(Files.readString(out.resolve("model.safetensors"), StandardCharsets.ISO_8859_1))
                .contains("\"pruned.calibration.inputs\":\"training\"")
                .contains("\"pruned.calibration.task\":\"listops\"");
    }

    private static Object[] with(Object[] first, Object... second) {
        List<Object> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(second));
        return all.toArray();
    }

    @Test
    void mistakesEndWithTwoAndSayWhatToDo() throws IOException {
        Path s5 = Shipped.data("checkpoints/s5-smnist");
        assertMistake("say what to prune with --method and --ratio", "--model", s5);
        assertMistake("there is no such file", "--model", folder.resolve("gone"), "--method", "last", "--ratio", "0.5");
        assertMistake(
                "last-repo-compat does not prune s4d models",
                "--model",
                Shipped.data("checkpoints/s4d-smnist"),
                "--method",
                "last-repo-compat",
                "--ratio",
                "0.5");
        assertMistake(
                "there is no task",
                "--model",
                s5,
                "--method",
                "last",
                "--ratio",
                "0.5",
                "--param",
                "reestimate-batch-norm=8");
        assertMistake("--shard-size is 5", "--model", s5, "--method", "last", "--ratio", "0.5", "--shard-size", "5");
        assertMistake(
                "a calibration { data = FILE } for language models",
                "--model",
                Shipped.data("checkpoints/mamba2-tiny"),
                "--method",
                "wanda",
                "--ratio",
                "0.5");
        Object[] wanda = {"--model", s5, "--method", "wanda", "--ratio", "0.5"};
        assertMistake(
                "s5-smnist: wanda watches classifiers on inputs of a task; name it with --task",
                with(wanda, "--calibration-inputs", "evaluation"));
        assertMistake(
                "needs its data: --data, or --training",
                with(wanda, "--calibration-inputs", "evaluation", "--task", "smnist"));
        assertMistake(
                "the model takes pixels",
                with(
                        wanda,
                        "--calibration-inputs",
                        "evaluation",
                        "--task",
                        "listops",
                        "--data",
                        Shipped.data("listops")));
        assertMistake("name it with --task", with(wanda, "--data", Shipped.data("mnist")));
        Files.createDirectory(folder.resolve("out"));
        Files.writeString(folder.resolve("out/mine"), "");
        assertMistake("nothing is overwritten", "--model", s5, "--method", "last", "--ratio", "0.5");
    }

    private void assertMistake(String message, Object... args) {
        Run run = coppice("prune", with(args, "--out", folder.resolve("out")));
        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains(message);
    }
}
