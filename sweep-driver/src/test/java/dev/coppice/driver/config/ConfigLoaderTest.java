package dev.coppice.driver.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.coppice.driver.search.MaxLoss;
import dev.coppice.worker.compute.MemoryShare;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.job.WorkerSettings;
import dev.coppice.worker.task.calibration.CalibrationSettings;
import dev.coppice.worker.task.calibration.InputSettings;
import dev.coppice.worker.task.calibration.InputSource;
import dev.coppice.worker.task.calibration.Joining;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {

    private static final String LEAST = """
            sweep {
              name = least
              models = [{ name = a, path = model }]
              tasks = [{ name = smnist, data = mnist }]
              methods = [last]
              ratios = [0.5]
              output = out
            }
            """;

    @TempDir
    Path folder;

    private SweepSettings load(String config, String... overrides) throws IOException {
        return ConfigLoader.load(Files.writeString(folder.resolve("sweep.conf"), config), List.of(overrides));
    }

    private List<String> problems(String config, String... overrides) {
        return catchThrowableOfType(ConfigProblemsException.class, () -> load(config, overrides))
                .problems();
    }

    @Test
    void defaults() throws IOException {
        SweepSettings settings = load(LEAST);
        assertThat(settings.models()).containsExactly(new ModelSettings("a", folder.resolve("model"), null));
        assertThat(settings.tasks())
                .containsExactly(
                        new TaskSettings("smnist", folder.resolve("mnist").toString(), null, null, null, null));
        assertThat(settings.methods())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("place")
                .containsExactly(new MethodSettings("last", Collections.emptySortedMap(), List.of(), null, null, ""));
        assertThat(settings.methods().get(0).mention()).matches(" \\(sweep.conf:[0-9]+\\)");
        assertThat(settings.output()).isEqualTo(folder.resolve("out").toString());
        assertThat(settings.jobTime()).isNull();
        assertThat(settings.precision()).isSameAs(Precision.FLOAT32);
        assertThat(settings.worker())
                .isEqualTo(new WorkerSettings("cpu", List.of(), 1, 2L << 30, false, MemoryShare.WHOLE));
        assertThat(settings.spark()).isEqualTo(new SparkSettings(null, new TreeMap<>()));
        assertThat(settings.takes("a", "smnist", "last", new BigDecimal("0.5"))).isTrue();
    }

    @Test
    void everyKeySetToSomethingElse() throws IOException {
        SweepSettings settings = load("""
                sweep {
                  name = other
                  models = [{ name = a, path = "/m/a", weights = w.pt }, { name = b, path = "../b" }]
                  tasks = [{ name = listops, data = "hdfs://host/x" }, { name = text, data = t, limit = 7, training = train },
                           { name = wikitext2, data = w, length = 1024 }, { name = wikitext2, data = w, protocol = raw-64 }]
                  methods = [{ name = random, seeds = [4, 5], reestimate-batch-norm = 64 }, lamp, dense, wanda,
                             { name = wanda, targets = all, pattern = "2:4", propagate = dense,
                               calibration { data = c4.jsonl, preset = wanda } }]
                  calibration { data = w.txt, inputs = training, preset = paper, samples = 7, length = 9, seed = 3,
                                join = blank-lines }
                  ratios = { from = 0.1, to = 0.7, step = 0.3 }
                  seeds = [9]
                  includes = [{ model = "a*" }]
                  excludes = [{ method = lamp, ratio = ">=0.4" }]
                  output = "s3a://bucket/results"
                  limits { examples = 50, job-time = 90 seconds }
                }
                worker { backend = cpu, device = cpu, precision = float32, threads = 2, cache = 512 MiB, samples = true, device-memory = 3 GiB }
                spark { master = "local[3]", conf { spark.executor.memory = 4g, "spark.a b" = 1 } }
                """);
        assertThat(settings.models())
                .containsExactly(
                        new ModelSettings("a", Path.of("/m/a"), "w.pt"),
                        new ModelSettings("b", folder.resolveSibling("b"), null));
        assertThat(settings.tasks())
                .containsExactly(
                        new TaskSettings("listops", "hdfs://host/x", 50, null, null, null),
                        new TaskSettings(
                                "text",
                                folder.resolve("t").toString(),
                                7,
                                null,
                                null,
                                folder.resolve("train").toString()),
                        new TaskSettings("wikitext2", folder.resolve("w").toString(), 50, 1024, null, null),
                        new TaskSettings("wikitext2", folder.resolve("w").toString(), 50, null, "raw-64", null));
        assertThat(settings.methods())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("place")
                .containsExactly(
                        new MethodSettings("random", Collections.emptySortedMap(), List.of(4L, 5L), null, 64, ""),
                        new MethodSettings("lamp", Collections.emptySortedMap(), List.of(), null, null, ""),
                        new MethodSettings("dense", Collections.emptySortedMap(), List.of(), null, null, ""),
                        new MethodSettings(
                                "wanda",
                                new TreeMap<>(Map.of(
                                        "targets",
                                        "mixer",
                                        "pattern",
                                        "none",
                                        "propagate",
                                        "pruned",
                                        "allocation",
                                        "row")),
                                List.of(),
                                new CalibrationSource(
                                        new CalibrationText(
                                                folder.resolve("w.txt").toString(),
                                                new CalibrationSettings(7, 9, 3, Joining.BLANK_LINES)),
                                        new InputSettings(InputSource.TRAINING, 7, 3)),
                                null,
                                ""),
                        new MethodSettings(
                                "wanda",
                                new TreeMap<>(Map.of(
                                        "targets", "all", "pattern", "2:4", "propagate", "dense", "allocation", "row")),
                                List.of(),
                                new CalibrationSource(
                                        new CalibrationText(
                                                folder.resolve("c4.jsonl").toString(),
                                                new CalibrationSettings(128, 2048, 0, Joining.DOCUMENTS)),
                                        null),
                                null,
                                ""));
        assertThat(settings.ratios()).map(BigDecimal::toPlainString).containsExactly("0.1", "0.4", "0.7");
        assertThat(settings.takes("b", "text", "random", new BigDecimal("0.1"))).isFalse();
        assertThat(settings.takes("ab", "text", "lamp", new BigDecimal("0.4"))).isFalse();
        assertThat(settings.takes("ab", "text", "lamp", new BigDecimal("0.1"))).isTrue();
        assertThat(settings.output()).isEqualTo("s3a://bucket/results");
        assertThat(settings.jobTime()).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.worker())
                .isEqualTo(
                        new WorkerSettings("cpu", List.of("cpu"), 2, 512L << 20, true, new MemoryShare(3L << 30, 1)));
        assertThat(settings.spark().master()).isEqualTo("local[3]");
        assertThat(settings.spark().conf())
                .containsExactlyInAnyOrderEntriesOf(Map.of("spark.executor.memory", "4g", "spark.a b", "1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-loss(1.0) | 1.0 | 9 | 0.1",
                "max-loss( 0.5 ) | 0.5 | 9 | 0.1",
                "{ max-loss = 2 } | 2 | 9 | 0.1",
                "{ max-loss = 1.5, step = 0.25 } | 1.5 | 3 | 0.25",
            })
    void theLargestRatioWithinALossIsLookedForInSteps(String ratios, String points, int count, String first)
            throws IOException {
        SweepSettings settings = load(LEAST.replaceFirst("ratios = [^\n]*", "ratios = " + ratios));
        assertThat(settings.maxLoss()).isEqualTo(new MaxLoss(new BigDecimal(points), settings.ratios()));
        assertThat(settings.ratios()).hasSize(count).startsWith(new BigDecimal(first));
    }

    @Test
    void methodsWithoutWhatTheyNeedAreProblems() {
        String needed = "which watches models on calibration data; give the method or the sweep a calibration"
                + " { data = FILE } for language models, or { inputs = evaluation } for classifiers";
        List<String> problems = problems(LEAST.replace("methods = [last]", """
                methods = [
                  wanda
                  { name = wanda, targets = mixers, sparsity = 1 }
                  { name = last, calibration { data = c } }
                  { name = wanda, calibration { data = c, preset = papers, join = spaces } }
                  { name = wanda, calibration { data = c } }
                  { name = wanda, targets = all, calibration = c }
                  { name = wanda, pattern = "2:4", calibration { length = 3 } }
                  { name = wanda, pattern = "4:8", calibration { inputs = evaluating, join = spaces } }]
                """));
        assertThat(problems)
                .map(problem -> problem.replaceFirst("^.*sweep.conf:", ""))
                .containsExactly(
                        "6: sweep.methods[0] is wanda, " + needed,
                        "7: sweep.methods[1].targets is \"mixers\"; did you mean \"mixer\"?",
                        "7: sweep.methods[1].sparsity is no known key; known are: allocation, calibration, name, pattern,"
                                + " propagate, reestimate-batch-norm, seeds, targets",
                        "7: sweep.methods[1].name is wanda, " + needed,
                        "7: sweep.methods[1].name is there twice: wanda",
                        "8: sweep.methods[2].calibration is there, and last needs none",
                        "9: sweep.methods[3].calibration.preset is \"papers\"; did you mean \"paper\"?",
                        "10: sweep.methods[4].name is there twice: wanda with the same calibration",
                        "11: sweep.methods[5].calibration is c, expected an object { data = FILE } or { inputs = evaluation }",
                        "12: sweep.methods[6].calibration names nothing to watch models on; give it data = FILE for"
                                + " language models, inputs = evaluation for classifiers, or both",
                        "12: sweep.methods[6].calibration.length says how windows are drawn from text, and there is no"
                                + " data",
                        "13: sweep.methods[7].calibration.join says how windows are drawn from text, and there is no"
                                + " data",
                        "13: sweep.methods[7].calibration.inputs is \"evaluating\"; did you mean \"evaluation\"?");
    }

    @Test
    void parametersThatTheTaskDoesNotTakeAreProblems() {
        List<String> problems = problems(LEAST.replace("""
                [{ name = smnist, data = mnist }]
                """.strip(), """
                [{ name = smnist, data = m, protocol = raw-64 }
                 { name = hellaswag, data = h, length = 64, protocol = lm-eval }
                 { name = wikitext2, data = w, protocol = raw }
                 { name = wikitext2, data = w, length = 64, protocol = joined-64 }
                 { name = wikitext2, data = w }, { name = wikitext2, data = w }]
                """.strip()));
        assertThat(problems)
                .map(problem -> problem.replaceFirst("^.*sweep.conf:", ""))
                .containsExactly(
                        "4: sweep.tasks[0].protocol is raw-64; task smnist has no parameter \"protocol\"; known are: limit",
                        "5: sweep.tasks[1].protocol is lm-eval; task hellaswag has no parameter \"protocol\"; known are:"
                                + " length, limit",
                        "6: sweep.tasks[2].protocol is raw; \"raw\" is no perplexity protocol; known are lm-eval, raw-W,"
                                + " joined-W or per-line-W (W tokens a window, from 2), such as raw-2048",
                        "7: sweep.tasks[3].protocol is joined-64; length goes with the protocol lm-eval alone; joined-64 has"
                                + " its window in its name",
                        "8: sweep.tasks[5].name is there twice: wikitext2");
    }

    @Test
    void allProblemsAreReportedTogetherWithTheirLines() {
        List<String> problems = problems("""
                sweep {
                  name = "two words"
                  modles = []
                  models = [{ name = a, path = m, wieghts = x }, { name = a, path = m }]
                  tasks = [{ name = smnits, data = d, limit = 0 }]
                  methods = [last, lasst]
                  ratios = [0.5, 1.5, many]
                }
                worker { threads = lots }
                sprak { }
                """);
        String file = folder.resolve("sweep.conf").toString();
        assertThat(problems)
                .containsExactlyInAnyOrder(
                        file + ":10: sprak is no known key; did you mean \"spark\"?",
                        file + ":2: sweep.name is \"two words\"; a name has letters, digits, \".\", \"_\" and \"-\"",
                        file + ":3: sweep.modles is no known key; did you mean \"models\"?",
                        file + ":4: sweep.models[0].wieghts is no known key; did you mean \"weights\"?",
                        file + ":4: sweep.models[1].name is there twice: a",
                        file + ":5: sweep.tasks[0].name is \"smnits\"; did you mean \"smnist\"?",
                        file + ":5: sweep.tasks[0].limit is 0, expected a whole number of at least 1",
                        file + ":6: sweep.methods[1] is \"lasst\"; did you mean \"last\"?",
                        file + ":7: sweep.ratios[1] is 1.5, expected a decimal in [0, 1)",
                        file + ":7: sweep.ratios[2] is \"many\", expected a decimal in [0, 1)",
                        file + ":1: sweep.output is missing; expected a text",
                        file + ":9: worker.threads is \"lots\", expected a whole number of at least 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sweep.ratios={from=0.9,to=0.1,step=0.1} | sweep.ratios.to is 0.1, expected a decimal from 0.9 to below 1",
                "sweep.ratios={from=0.1,to=0.9,step=0} | sweep.ratios.step is 0, expected",
                "sweep.ratios=max-loss(0) | sweep.ratios is max-loss(0), expected a number above 0 between the brackets",
                "sweep.ratios=max-loss(much) | sweep.ratios is max-loss(much), expected a number above 0",
                "sweep.ratios=max-lost(1) | sweep.ratios is \"max-lost(1)\", expected a list",
                "sweep.ratios={max-loss=-1} | sweep.ratios.max-loss is -1, expected a number above 0",
                "sweep.ratios={max-loss=1,step=0} | sweep.ratios.step is 0, expected a decimal from 0.00001 to below 1",
                "sweep.ratios={max-loss=1,from=0.1} | sweep.ratios.from is no known key",
                "sweep.excludes=[{ratio=\"~3\"}] | sweep.excludes[0].ratio is \"~3\", expected a number or a comparison",
                "worker.backend=gpu | worker.backend is \"gpu\"",
                "worker.cache=plenty | worker.cache is \"plenty\", expected a size such as 2 GiB",
                "sweep.limits.job-time=soon | sweep.limits.job-time is \"soon\", expected a time such as 10 minutes",
                "sweep.methods=[{name=last,reestimate-batch-norm=0}] | reestimate-batch-norm is 0, expected a whole number of at least 1",
                "sweep.methods=[last,{name=last,reestimate-batch-norm=9},{name=last}] | name is there twice: last",
                "sweep.methods=[] | sweep.methods is empty; expected at least one",
            })
    void problemsOfOverridesNameThem(String override, String message) {
        assertThat(problems(LEAST, override))
                .singleElement()
                .asString()
                .contains("--set")
                .contains(message);
    }

    @Test
    void overridesWinAndTextsNeedNoQuotes() throws IOException {
        SweepSettings settings =
                load(LEAST, "sweep.output=/a path/b", "sweep.ratios=[0.25]", "sweep.name=x", "sweep.name=y");
        assertThat(settings.output()).isEqualTo("/a path/b");
        assertThat(settings.ratios()).containsExactly(new BigDecimal("0.25"));
        assertThat(settings.name()).isEqualTo("y");
        assertThat(problems(LEAST, "nonsense")).containsExactly("--set nonsense: expected key=value");
    }

    @Test
    void syntaxErrorsNameTheLine() {
        assertThat(problems("sweep {\n  name = [\n"))
                .singleElement()
                .asString()
                .contains("sweep.conf")
                .contains("3");
    }

    @Test
    void includesStayInTheConfigsFolder() throws IOException {
        Files.writeString(folder.resolve("part.conf"), "sweep.name = included");
        assertThat(load(LEAST.replace("name = least", "") + "include \"part.conf\"")
                        .name())
                .isEqualTo("included");
        assertThat(problems(LEAST + "include \"/etc/passwd\""))
                .singleElement()
                .asString()
                .contains("below its own folder");
        assertThat(problems(LEAST + "include url(\"http://localhost/x\")"))
                .singleElement()
                .asString()
                .contains("below its own folder");
    }

    @Test
    void aMissingFileIsTold() {
        assertThat(catchThrowableOfType(
                                ConfigProblemsException.class,
                                () -> ConfigLoader.load(folder.resolve("none.conf"), List.of()))
                        .problems())
                .containsExactly(folder.resolve("none.conf") + ": there is no such config file");
    }
}
