package dev.coppice.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.driver.Shipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can't be pruned as it is asked for: the plan drops the cells with the reason and its place, the commands for one model refuse. */
class PruningMistakesTest {

    @TempDir
    private Path folder;

    /** A small Mamba-2 of width 36, which 8 does not divide, with 16 states in one group. */
    @BeforeEach
    void model() throws IOException {
        Path config = Files.writeString(folder.resolve("config.json"), """
                { "d_model": 36, "n_layer": 2, "vocab_size": 64, "tie_embeddings": true,
                  "ssm_cfg": { "layer": "Mamba2", "d_state": 16, "headdim": 8, "expand": 2 } }""");
        Path model = folder.resolve("model");
        Run made = Run.of("synthesize", "--config", config.toString(), "--out", model.toString());
        assertThat(made.exitCode()).as(made.err()).isZero();
        Files.writeString(model.resolve("tokenizer.json"), "{ \"model\": { \"vocab\": { \"a\": 0 } } }");
        Files.writeString(folder.resolve("text.txt"), "word ".repeat(400));
        Files.writeString(folder.resolve("short.txt"), "a word");
        Files.writeString(folder.resolve("few.ids"), "1 2 3\n4 5\n");
    }

    private Run plan(String methods, String more) throws IOException {
        Path conf = Files.writeString(folder.resolve("sweep.conf"), """
                sweep {
                  name = mistakes
                  models = [{ name = m, path = model }]
                  tasks = [{ name = wikitext2, data = "%s", limit = 1 }]
                  methods = [%s]
                  ratios = [0.25, 0.5]
                  output = out
                  %s
                }
                """.formatted(Shipped.data("lm"), methods, more));
        return Run.of("plan", conf.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ name = weight-magnitude, pattern = \"4:8\" } | 2: m: weight-magnitude with pattern 4:8:"
                        + " backbone.layers.0.mixer.in_proj.weight has 36 inputs, which 8 does not divide",
                "{ name = weight-magnitude, pattern = \"2:4\" } | 1: weight-magnitude with pattern 2:4 prunes 2 of 4: its only ratio"
                        + " is 0.5",
                "merge-mean | 2: m: merge-mean does not prune mamba2 models; mamba2 mixer: all heads share one B and C already",
                "last-mamba1 | 2: m: last-mamba1 does not prune mamba2 models; mamba2 mixer: the score is Mamba-1's; see last-mamba2",
                "{ name = shedder, unit = mixer } | 2: m: shedder does not prune mamba2 models by unit = mixer: its blocks are"
                        + " mixers and nothing else; use unit = block",
                "last | 2: m: last does not prune mamba2 models: it scores the diagonal states of s4d and s5 layers",
            })
    void whatAModelLacksIsDroppedWithItsReason(String method, String reason) throws IOException {
        Run run = plan(method, "calibration { data = text.txt, length = 16 }");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("dropped " + reason + " (sweep.conf:5)\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data = short.txt | short.txt: holds at most 8 tokens in all, too few for windows of 128",
                "data = short.txt, preset = wanda | short.txt: holds at most 6 tokens in a row, too few for windows of 2048",
                "data = few.ids, length = 3, samples = 2 | few.ids: holds 1 sequences of at least 3 token ids, and 2 are asked for",
            })
    void tooLittleCalibrationDataIsDroppedWithItsReason(String calibration, String reason) throws IOException {
        Run run = plan("flap, ghost, wanda, weight-magnitude", "calibration { " + calibration + " }");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("dropped 6: m: .*\\Q" + reason + "\\E")
                .contains("3 cells");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ name = wanda, pattern = \"3:4\" } | :5: sweep.methods[0].pattern is \"3:4\"; did you mean \"2:4\"?",
                "{ name = wanda, pattern = \"2:4\", allocation = layer } | :5: sweep.methods[0].name is wanda: a pattern compares the"
                        + " weights of a group, so that allocation = layer has no meaning beside it",
                "{ name = weight-lamp, pattern = \"2:4\" } | :5: sweep.methods[0].pattern is no known key",
                "{ name = ghost, propagate = backwards } | :5: sweep.methods[0].propagate is \"backwards\"; known are: pruned, dense",
                "flapp | :5: sweep.methods[0] is \"flapp\"; did you mean \"flap\"?",
            })
    void wordsThatMeanNothingAreMistakesOfTheConfig(String method, String message) throws IOException {
        Run run = plan(method, "calibration { data = text.txt, length = 16 }");

        assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains("sweep.conf" + message);
    }

    @Test
    void commandsForOneModelRefuse() {
        for (String command : new String[] {"prune", "evaluate"}) {
            assertRefused(command, "which 8 does not divide", "weight-magnitude", "0.5", "--param", "pattern=4:8");
            assertRefused(
                    command,
                    "prunes 2 of 4: its only ratio is 0.5",
                    "weight-magnitude",
                    "0.3",
                    "--param",
                    "pattern=2:4");
            assertRefused(command, "all heads share one B and C already", "merge-kmeans", "0.5");
            assertRefused(
                    command,
                    "too few for windows of 128",
                    "ghost",
                    "0.5",
                    "--calibration",
                    folder.resolve("short.txt").toString());
        }
    }

    private void assertRefused(String command, String message, String method, String ratio, String... more) {
        List<String> args = new ArrayList<>(
                List.of(command, "--model", folder.resolve("model").toString(), "--method", method, "--ratio", ratio));
        args.addAll(List.of(more));
        args.addAll(
                command.equals("prune")
                        ? List.of("--out", folder.resolve("out").toString())
                        : List.of(
                                "--task",
                                "wikitext2",
                                "--data",
                                Shipped.data("lm").toString()));
        Run run = Run.of(args.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains(message);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    /** Ratios that a structure can't meet are rounded, and what was done is told. */
    @ParameterizedTest
    @CsvSource({"0.999, 0.9375, 1 1", "0.3, 0.25, 12 12", "0.06, 0, 16 16"})
    void ratiosAreRoundedToWhatThereIs(String ratio, String achieved, String kept) {
        Run run = Run.of(
                "prune",
                "--model",
                folder.resolve("model").toString(),
                "--method",
                "dstate-magnitude",
                "--ratio",
                ratio,
                "--out",
                folder.resolve("rounded").toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("ratio_achieved  " + achieved + "\n").contains("kept_per_layer  " + kept + "\n");
    }

    @Test
    void aSmallerModelThatIsNoSmallerIsRefused() {
        Run run = Run.of(
                "prune",
                "--model",
                folder.resolve("model").toString(),
                "--method",
                "headdim-magnitude",
                "--ratio",
                "0.1",
                "--compact",
                "--out",
                folder.resolve("rounded").toString());

        assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains("nothing gets smaller: the ratio is too small for any unit to go");
    }
}
