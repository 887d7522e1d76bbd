package dev.coppice.worker.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.results.Achieved;
import dev.coppice.results.Failure;
import dev.coppice.results.FailureKind;
import dev.coppice.results.Granularity;
import dev.coppice.results.JobSpec;
import dev.coppice.results.Metrics;
import dev.coppice.results.ResultRow;
import dev.coppice.worker.compute.MemoryShare;
import dev.coppice.worker.task.calibration.CalibrationData;
import dev.coppice.worker.task.calibration.CalibrationSettings;
import dev.coppice.worker.task.calibration.Joining;
import dev.coppice.worker.weights.Fingerprint;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whole jobs of language models, and those that ask a model for what it cannot do. */
class LanguageJobTest {

    private static final Path DATA = Path.of("..", "data");
    private static final Path LANGUAGE_MODEL = Path.of("src/test/resources/fixtures/eval/model");
    private static final Path CLASSIFIER = DATA.resolve("checkpoints/s5-smnist");

    private final JobRunner runner =
            new JobRunner(new WorkerSettings("cpu", List.of(), 2, 64 << 20, true, MemoryShare.WHOLE), Map.of());

    private JobResult run(Path model, String task, String data, Map<String, String> calibration) {
        JobSpec spec = new JobSpec(
                "model",
                Fingerprint.of(model, null),
                task,
                "1",
                new TreeMap<>(Map.of("limit", "40")),
                JobSpec.DENSE,
                new TreeMap<>(),
                new TreeMap<>(calibration),
                BigDecimal.ZERO,
                null,
                "float32");
        return runner.run(
                new JobTicket(
                        spec,
                        "languages",
                        1,
                        model.toString(),
                        null,
                        DATA.resolve(data).toString(),
                        null,
                        null),
                Assignment.NONE);
    }

    private Failure failure(Path model, String task, String data, Map<String, String> calibration) {
        return requireNonNull(run(model, task, data, calibration).row().failure());
    }

    /** The accuracy is lm-evaluation-harness's, golden/piqa.json.xz. */
    @Test
    void theyGiveARowAndSamples() {
        JobResult result = run(LANGUAGE_MODEL, "piqa", "lm", Map.of());

        Metrics metrics = requireNonNull(result.row().metrics());
        assertThat(metrics.accuracy()).isEqualTo(0.6);
        assertThat(metrics.examples()).isEqualTo(40);
        assertThat(metrics.extra()).containsOnlyKeys("computed_tokens", "truncated_requests");
        assertThat(result.samples()).hasSize(40);
        assertThat(result.row().coordinates().architecture()).isEqualTo("mamba2");
        assertThat(requireNonNull(result.row().achieved()).ratio()).isZero();
        assertThat(result.row().cost().secondsEvaluate()).isPositive();
    }

    @Test
    void modelsAreNotGivenTasksOfTheOtherKind() {
        Failure texts = failure(CLASSIFIER, "piqa", "lm", Map.of());
        Failure pictures = failure(LANGUAGE_MODEL, "smnist", "mnist", Map.of());

        assertThat(texts.kind()).isEqualTo(FailureKind.USER);
        assertThat(texts.message()).isEqualTo("task piqa scores the tokens of texts, and a s5 model does not");
        assertThat(pictures.kind()).isEqualTo(FailureKind.USER);
        assertThat(pictures.message()).isEqualTo("task smnist classifies sequences, and a mamba2 model does not");
    }

    @Test
    void theirModelsHaveNoBatchNormsToMeasureAgain() {
        Failure failure = failure(LANGUAGE_MODEL, "piqa", "lm", Map.of(BatchNormRenewal.KEY, "10"));

        assertThat(failure.kind()).isEqualTo(FailureKind.USER);
        assertThat(failure.message()).contains("no batch norms");
    }

    /** One load, one pass for both ratios; the rows say what became of the weights. */
    @Test
    void wandaInOnePassServesEveryRatio() {
        CalibrationSettings settings = new CalibrationSettings(8, 32, 0, Joining.SPACES);
        Path text = DATA.resolve("lm/wiki.test.raw.xz");
        TreeMap<String, String> calibration = new TreeMap<>(
                settings.identity(CalibrationData.at(text.toString()).sha256()));
        TreeMap<String, String> params = new TreeMap<>(Map.of("propagate", "dense"));
        for (String ratio : List.of("0.25", "0.5")) {
            JobSpec spec = new JobSpec(
                    "model",
                    Fingerprint.of(LANGUAGE_MODEL, null),
                    "piqa",
                    "1",
                    new TreeMap<>(Map.of("limit", "4")),
                    "wanda",
                    params,
                    calibration,
                    new BigDecimal(ratio),
                    null,
                    "float32");
            ResultRow row = runner.run(
                            new JobTicket(
                                    spec,
                                    "languages",
                                    1,
                                    LANGUAGE_MODEL.toString(),
                                    null,
                                    DATA.resolve("lm").toString(),
                                    text.toString(),
                                    null),
                            Assignment.NONE)
                    .row();

            assertThat(row.failure()).isNull();
            Achieved achieved = requireNonNull(row.achieved());
            assertThat(achieved.ratio()).isEqualTo(Double.parseDouble(ratio));
            assertThat(achieved.mixerSparsity()).isBetween(0.9 * achieved.ratio(), achieved.ratio());
            assertThat(achieved.modelSparsity()).isBetween(0.0, requireNonNull(achieved.mixerSparsity()));
            assertThat(achieved.stateBytes())
                    .as("zeros take the place of weights")
                    .isEqualTo(4L * 2 * (64 * 16 + 96 * 4));
            assertThat(row.coordinates().granularity()).isEqualTo(Granularity.WEIGHT);
        }
        assertThat(runner.loads()).isEqualTo(4); // the model, the documents, the calibration, the scores
    }
}
