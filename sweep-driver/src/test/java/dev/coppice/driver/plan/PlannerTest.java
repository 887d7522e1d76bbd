package dev.coppice.driver.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.driver.Shipped;
import dev.coppice.driver.config.ConfigLoader;
import dev.coppice.driver.config.SweepSettings;
import dev.coppice.driver.config.TaskSettings;
import dev.coppice.results.JobId;
import dev.coppice.results.JobSpec;
import dev.coppice.results.store.ResultStore;
import dev.coppice.worker.job.JobTicket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannerTest {

    @TempDir
    Path folder;

    private SweepPlan plan(String more) throws IOException {
        Path file = Files.writeString(folder.resolve("sweep.conf"), Shipped.config(folder.resolve("out"), more));
        SweepSettings settings = ConfigLoader.load(file, List.of());
        return Planner.plan(settings, ResultStore.at(settings.output()), Retries.LOST);
    }

    @Test
    void aGridHasOneDenseCellAndACellForEachMethodAndRatio() throws IOException {
        SweepPlan plan =
                plan("methods = [last, { name = random, seeds = [1, 2] }, dense], ratios = [0, 0.5, 0.50, 0.9]");
        assertThat(plan.jobs()).hasSize(1 + 2 + 4);
        assertThat(plan.grid()).hasSize(7);
        assertThat(plan.jobs().get(0).spec().method()).isEqualTo(JobSpec.DENSE);
        Set<JobId> ids = new HashSet<>();
        plan.jobs().forEach(job -> ids.add(job.spec().id()));
        assertThat(ids).hasSize(7);
        assertThat(plan.jobs())
                .filteredOn(job -> !job.spec().method().equals("random"))
                .allMatch(job -> job.spec().seed() == null);
        assertThat(plan.jobs().get(1).spec().taskParams())
                .containsEntry("limit", "20")
                .containsKey("dataSha256");
    }

    @Test
    void impossiblePairsAndMethodsAreDroppedWithTheirReason() throws IOException {
        SweepPlan plan = plan("""
                models = [{ name = s5, path = "%s" }, { name = s4d, path = "%s" }]
                tasks = [{ name = smnist, data = "%s" }, { name = listops, data = "%s" }]
                methods = [last, last-repo-compat]
                """.formatted(
                        Shipped.data("checkpoints/s5-smnist"),
                        Shipped.data("checkpoints/s4d-smnist"),
                        Shipped.data("mnist"),
                        Shipped.data("listops")));
        assertThat(plan.jobs()).hasSize(5 + 3);
        assertThat(plan.dropped())
                .containsEntry(
                        "s4d: last-repo-compat does not prune s4d models: it scores the diagonal states of s5 layers (sweep.conf:10)",
                        2)
                .hasSize(3);
        assertThat(plan.dropped().keySet()).anyMatch(reason -> reason.startsWith("s5 on listops: "));
    }

    @Test
    void classifiersAreNotEvaluatedOnTextsToContinue() throws IOException {
        SweepPlan plan = plan("tasks = [{ name = hellaswag, data = \"%s\" }]".formatted(Shipped.data("lm")));
        assertThat(plan.jobs()).isEmpty();
        assertThat(plan.dropped().keySet())
                .containsExactly(
                        "s5-smnist on hellaswag: the model classifies sequences, the task scores the tokens of texts");
    }

    @Test
    void classifiersDoNotRunIn16BitAndLanguageModelsDo() throws IOException {
        String models = "models = [{ name = s5, path = \"%s\" }, { name = mamba, path = \"%s\" }]"
                .formatted(Shipped.data("checkpoints/s5-smnist"), Shipped.data("checkpoints/mamba2-tiny"));
        String tasks = "tasks = [{ name = smnist, data = \"%s\" }, { name = piqa, data = \"%s\" }]"
                .formatted(Shipped.data("mnist"), Shipped.data("lm"));
        Path file = Files.writeString(
                folder.resolve("sweep.conf"),
                Shipped.config(folder.resolve("out"), models + "\n" + tasks + "\nmethods = [dense]")
                        + "worker { precision = bfloat16 }");
        SweepSettings settings = ConfigLoader.load(file, List.of());
        SweepPlan plan = Planner.plan(settings, ResultStore.at(settings.output()), Retries.LOST);

        assertThat(plan.dropped())
                .containsEntry("s5 on smnist: the cpu backend runs classifiers in float32, not in bfloat16", 1);
        assertThat(plan.jobs()).hasSize(1);
        assertThat(plan.jobs().get(0).spec().model()).isEqualTo("mamba");
        assertThat(plan.jobs().get(0).spec().precision()).isEqualTo("bfloat16");
    }

    @Test
    void aLanguageModelWithoutATokenizerIsUnresolved() throws IOException {
        Path model = Shipped.root().resolve("gpu-worker/src/test/resources/fixtures/llm/mamba2-hf");
        SweepPlan plan = plan("models = [{ name = bare, path = \"%s\" }], tasks = [{ name = piqa, data = \"%s\" }]"
                .formatted(model, Shipped.data("lm")));

        assertThat(plan.jobs()).isEmpty();
        assertThat(plan.unresolved()).hasSize(1);
        assertThat(plan.unresolved().get(0))
                .startsWith("model bare: ")
                .contains("tokenizer.json: there is no such file, and a language model needs one");
    }

    @Test
    void aTasksOwnProtocolIsTheSameJobNamedOrNot() {
        String data = Shipped.data("lm").toString();
        ResolvedTask unnamed = ResolvedTask.of(new TaskSettings("wikitext2", data, null, null, null, null));
        ResolvedTask named = ResolvedTask.of(new TaskSettings("wikitext2", data, null, null, "lm-eval", null));
        ResolvedTask other = ResolvedTask.of(new TaskSettings("wikitext2", data, null, null, "raw-64", null));

        assertThat(unnamed.protocol()).isEqualTo("lm-eval");
        assertThat(named.params()).isEqualTo(unnamed.params()).containsOnlyKeys("dataSha256");
        assertThat(other.protocol()).isEqualTo("raw-64");
        assertThat(other.params()).containsEntry("protocol", "raw-64");
    }

    @Test
    void aMethodWithAndWithoutNewStatisticsIsTwoJobs() throws IOException {
        SweepPlan plan = plan("ratios = [0.5], methods = [last, { name = last, reestimate-batch-norm = 7 }]");
        assertThat(plan.jobs())
                .extracting(job -> job.spec().calibration())
                .containsExactly(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(Map.of("reestimateBatchNorm", "7")));
        assertThat(plan.jobs().stream().map(job -> job.spec().id()).distinct()).hasSize(3);
    }

    @Test
    void newStatisticsAreDroppedForModelsWithoutThem() throws IOException {
        SweepPlan plan = plan("""
                models = [{ name = s4d, path = "%s" }]
                methods = [last, { name = last, reestimate-batch-norm = 7 }]
                """.formatted(Shipped.data("checkpoints/s4d-smnist")));
        assertThat(plan.jobs()).hasSize(3);
        assertThat(plan.dropped())
                .containsEntry("s4d: last with reestimate-batch-norm: the model has no batch norms (sweep.conf:9)", 2);
    }

    @Test
    void calibratedMethodsNameTheirData() throws IOException {
        SweepPlan plan = plan("""
                models = [{ name = s5, path = "%s" }, { name = tiny, path = "%s" }]
                tasks = [{ name = piqa, data = "%s" }]
                methods = [wanda, { name = wanda, pattern = "2:4" }]
                calibration { data = "%s" }
                ratios = [0.25, 0.5]
                """.formatted(
                        Shipped.data("checkpoints/s5-smnist"),
                        Shipped.data("checkpoints/mamba2-tiny"),
                        Shipped.data("lm"),
                        Shipped.data("lm/wiki.test.raw.xz")));
        assertThat(plan.jobs()).hasSize(1 + 2 + 1);
        assertThat(plan.jobs().get(1).spec().calibration())
                .containsOnlyKeys("dataSha256", "join", "length", "samples", "seed")
                .containsEntry("length", "128");
        assertThat(plan.jobs().get(3).spec().methodParams()).containsEntry("pattern", "2:4");
        assertThat(plan.jobs().get(0).calibrationPath()).isNull();
        assertThat(plan.jobs().get(1).calibrationPath()).endsWith("wiki.test.raw.xz");
        assertThat(plan.dropped())
                .hasEntrySatisfying(
                        new Condition<>(
                                reason -> reason.matches(
                                        "wanda with pattern 2:4 prunes 2 of 4: its only ratio is 0.5 \\([^/]+:[0-9]+\\)"),
                                "the pattern's ratio, with file and line"),
                        new Condition<>(cells -> cells == 1, "one cell"))
                .hasSize(2);
    }

    /** One method, on text for language models and on their tasks' inputs for classifiers. */
    @Test
    void eachKindOfModelIsCalibratedOnItsOwnKindOfData() throws IOException {
        SweepPlan plan = plan("""
                models = [{ name = s5, path = "%s" }, { name = s4d, path = "%s" }, { name = tiny, path = "%s" }]
                tasks = [{ name = smnist, data = "%s" }, { name = piqa, data = "%s" }]
                methods = [wanda], ratios = [0.5]
                calibration { data = "%s", inputs = evaluation, samples = 20 }
                """.formatted(
                        Shipped.data("checkpoints/s5-smnist"),
                        Shipped.data("checkpoints/s4d-smnist"),
                        Shipped.data("checkpoints/mamba2-tiny"),
                        Shipped.data("mnist"),
                        Shipped.data("lm"),
                        Shipped.data("lm/wiki.test.raw.xz")));
        assertThat(plan.jobs()).hasSize(3 + 2);
        JobTicket ofS5 = plan.jobs().get(1);
        assertThat(ofS5.spec().calibration())
                .containsOnlyKeys("dataSha256", "inputs", "samples", "seed", "task")
                .containsEntry("inputs", "evaluation")
                .containsEntry("task", "smnist")
                .containsEntry("samples", "20")
                .containsEntry("dataSha256", ofS5.spec().taskParams().get("dataSha256"));
        assertThat(ofS5.calibrationPath()).isEqualTo(ofS5.dataPath());
        assertThat(plan.jobs().get(4).spec().calibration()).containsKey("join").doesNotContainKey("inputs");
        assertThat(plan.dropped())
                .containsEntry(
                        "s4d: wanda does not prune s4d models: none of their matrices is among targets = mixer, some are"
                                + " among targets = mixer-mlp and all (sweep.conf:10)",
                        1);
    }

    @Test
    void trainingInputsAreThoseOfTheTask() throws IOException {
        Path training = Files.createDirectory(folder.resolve("training"));
        Files.copy(Shipped.data("listops/basic_test.tsv.xz"), training.resolve("basic_test.tsv.xz"));
        String more = """
                models = [{ name = s5, path = "%s" }], ratios = [0.5]
                tasks = [{ name = listops, data = "%s"%s }]
                methods = [{ name = wanda, calibration { inputs = training, samples = %d } }]
                """;
        Path model = Shipped.data("checkpoints/s5-listops");
        Path data = Shipped.data("listops");
        SweepPlan given = plan(more.formatted(model, data, ", training = training", 5));
        SweepPlan tooMany = plan(more.formatted(model, data, ", training = training", 201));
        SweepPlan missing = plan(more.formatted(model, data, "", 5));
        SweepPlan gone = plan(more.formatted(model, data, ", training = nowhere", 5));

        assertThat(given.jobs()).hasSize(2);
        assertThat(given.jobs().get(1).calibrationPath()).isEqualTo(training.toString());
        assertThat(given.jobs().get(1).spec().calibration()).containsEntry("inputs", "training");
        assertThat(tooMany.dropped().keySet())
                .containsExactly("s5: " + training
                        + ": holds 200 examples of listops, and 201 are asked for to calibrate on; lower samples"
                        + " (sweep.conf:10)");
        assertThat(missing.dropped().keySet())
                .containsExactly("s5: wanda is calibrated on inputs = training, and task listops has none; add"
                        + " training = PATH to the task (sweep.conf:10)");
        assertThat(gone.jobs()).hasSize(1);
        assertThat(gone.unresolved()).singleElement().asString().startsWith("calibration on listops: ");
    }

    @Test
    void dataOfTheOtherKindIsRefused() throws IOException {
        SweepPlan plan = plan("""
                models = [{ name = s5, path = "%s" }, { name = tiny, path = "%s" }]
                tasks = [{ name = smnist, data = "%s" }, { name = piqa, data = "%s" }], ratios = [0.5]
                methods = [
                  { name = wanda, calibration { data = "%s" } }
                  { name = wanda, pattern = "2:4", calibration { inputs = evaluation } }
                ]
                """.formatted(
                        Shipped.data("checkpoints/s5-smnist"),
                        Shipped.data("checkpoints/mamba2-tiny"),
                        Shipped.data("mnist"),
                        Shipped.data("lm"),
                        Shipped.data("lm/wiki.test.raw.xz")));
        assertThat(plan.jobs()).hasSize(2 + 2);
        assertThat(plan.dropped())
                .containsEntry(
                        "s5: wanda watches classifiers on inputs of their task, and its calibration has text alone;"
                                + " add inputs = evaluation (sweep.conf:11)",
                        1)
                .containsEntry(
                        "tiny: wanda watches language models on text, and its calibration has none; add data = FILE"
                                + " (sweep.conf:12)",
                        1);
    }

    @Test
    void partsThatAModelLacksAreDroppedWithTheReason() throws IOException {
        SweepPlan plan = plan("""
                models = [{ name = tiny, path = "%s" }], tasks = [{ name = piqa, data = "%s" }], ratios = [0.25, 0.5]
                methods = [dstate-magnitude, merge-mean, last-mamba1, { name = shedder, unit = mixer }]
                calibration { data = "%s" }
                """.formatted(
                Shipped.data("checkpoints/mamba2-tiny"), Shipped.data("lm"), Shipped.data("lm/wiki.test.raw.xz")));
        assertThat(plan.jobs()).hasSize(1 + 2);
        assertThat(plan.dropped())
                .hasSize(3)
                .containsEntry(
                        "tiny: merge-mean does not prune mamba2 models; mamba2 mixer: all heads share one B and C already"
                                + " (sweep.conf:9)",
                        2);
    }

    @Test
    void calibrationDataThatIsShortOrGoneIsNoticed() throws IOException {
        Path text = Files.writeString(folder.resolve("short.txt"), "a few words");
        SweepPlan plan = plan("""
                models = [{ name = tiny, path = "%s" }], tasks = [{ name = piqa, data = "%s" }], ratios = [0.5]
                methods = [{ name = wanda, calibration { data = "%s" } }, { name = wanda, calibration { data = gone } }]
                """.formatted(Shipped.data("checkpoints/mamba2-tiny"), Shipped.data("lm"), text));
        assertThat(plan.jobs()).hasSize(1);
        assertThat(plan.dropped().keySet()).singleElement().asString().contains("too few for windows of 128");
        assertThat(plan.unresolved())
                .singleElement()
                .asString()
                .startsWith("calibration: ")
                .contains("gone");
    }

    /** 300 bytes could be windows of 128 tokens; this model's tokenizer has fewer for them. */
    @Test
    void calibrationTextIsCountedInTheModelsTokensWhereItsSizeDoesNotTell() throws IOException {
        Path text = Files.writeString(folder.resolve("some.txt"), "a few words ".repeat(25));
        SweepPlan plan = plan("""
                models = [{ name = tiny, path = "%s" }], tasks = [{ name = piqa, data = "%s" }], ratios = [0.5]
                methods = [{ name = wanda, calibration { data = "%s" } }]
                """.formatted(Shipped.data("checkpoints/mamba2-tiny"), Shipped.data("lm"), text));
        assertThat(plan.jobs()).hasSize(1);
        assertThat(plan.dropped().keySet())
                .singleElement()
                .asString()
                .containsPattern(
                        "tiny: .*some.txt: its text has [0-9]+ tokens, too few for windows of 128; give a longer"
                                + " text or a smaller length \\(sweep.conf:[0-9]+\\)");
    }

    @Test
    void rulesLeaveCellsOut() throws IOException {
        SweepPlan plan = plan("excludes = [{ method = \"uniform-*\", ratio = \">0.5\" }]");
        assertThat(plan.jobs()).hasSize(4);
        assertThat(plan.dropped()).containsEntry("left out by the includes and excludes rules", 1);
    }

    @Test
    void whatIsNotThereIsUnresolved() throws IOException {
        SweepPlan plan = plan("models = [{ name = gone, path = gone }], tasks = [{ name = smnist, data = nowhere }]");
        assertThat(plan.jobs()).isEmpty();
        assertThat(plan.unresolved()).hasSize(2);
        assertThat(plan.unresolved().get(0)).startsWith("task smnist: ").contains("nowhere");
        assertThat(plan.unresolved().get(1)).startsWith("model gone: ").contains("there is no such file");
    }

    @Test
    void aHundredThousandJobsArePlannedWithinTenSeconds() throws IOException {
        long start = System.nanoTime();
        SweepPlan plan = plan("ratios = { from = 0.00002, to = 0.99999, step = 0.00002 }");
        assertThat(plan.jobs()).hasSize(1 + 2 * 49_999);
        assertThat((System.nanoTime() - start) / 1e9).isLessThan(10);
    }
}
