package dev.coppice.worker.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.results.Achieved;
import dev.coppice.results.Failure;
import dev.coppice.results.FailureKind;
import dev.coppice.results.Granularity;
import dev.coppice.results.JobSpec;
import dev.coppice.results.ResultRow;
import dev.coppice.worker.compute.MemoryShare;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.task.Tasks;
import dev.coppice.worker.task.calibration.CalibrationSettings;
import dev.coppice.worker.task.calibration.InputSettings;
import dev.coppice.worker.task.calibration.InputSource;
import dev.coppice.worker.weights.Fingerprint;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole jobs that prune weights of classifiers. */
class ClassifierWeightsJobTest {

    private static final Path DATA = Path.of("..", "data");
    private static final String MNIST = DATA.resolve("mnist").toString();
    private static final InputSettings INPUTS = new InputSettings(InputSource.EVALUATION, 4, 1);

    private final JobRunner runner =
            new JobRunner(new WorkerSettings("cpu", List.of(), 2, 64 << 20, true, MemoryShare.WHOLE), Map.of());

    private ResultRow row(String model, String method, String ratio, Map<String, String> params) {
        boolean calibrated = Methods.of(method).calibrated();
        return row(
                model,
                method,
                ratio,
                params,
                calibrated ? INPUTS.identity("smnist", Tasks.dataSha256("smnist", MNIST)) : Map.of());
    }

    private ResultRow row(
            String model, String method, String ratio, Map<String, String> params, Map<String, String> calibration) {
        Path folder = DATA.resolve("checkpoints").resolve(model);
        JobSpec spec = new JobSpec(
                model,
                Fingerprint.of(folder, null),
                "smnist",
                "1",
                new TreeMap<>(Map.of("limit", "4")),
                method,
                Methods.complete(method, new TreeMap<>(params)),
                new TreeMap<>(calibration),
                new BigDecimal(ratio),
                Methods.of(method).random() ? 5L : null,
                "float32");
        JobTicket ticket = new JobTicket(spec, "weights", 1, folder.toString(), null, MNIST, MNIST, null);
        return runner.run(ticket, Assignment.NONE).row();
    }

    /** S5: 4 layers of B (64, 64), C (64, 64), out2 (64, 64); S4D: 4 layers of (128, 64). */
    @ParameterizedTest
    @CsvSource({
        "s5-smnist, wanda, mixer, 32768",
        "s5-smnist, wanda, mixer-in, 16384",
        "s5-smnist, sparsegpt, mixer-mlp, 49152",
        "s5-smnist, weight-magnitude, all, 49152",
        "s5-smnist, weight-lamp, all, 49152",
        "s5-smnist, weight-random, all, 49152",
        "s4d-smnist, wanda, mixer-mlp, 32768",
        "s4d-smnist, sparsegpt, all, 32768",
        "s4d-smnist, weight-magnitude, all, 32768",
    })
    void rowsSayWhatBecameOfTheWeights(String model, String method, String targets, long weights) {
        ResultRow row = row(model, method, "0.5", Map.of("targets", targets));

        assertThat(row.failure()).isNull();
        assertThat(row.coordinates().granularity()).isEqualTo(Granularity.WEIGHT);
        Achieved achieved = requireNonNull(row.achieved());
        Model whole = ModelFamilies.read(DATA.resolve("checkpoints").resolve(model), null);
        assertThat(achieved.ratio()).isEqualTo(0.5);
        assertThat(achieved.modelSparsity()).isEqualTo(weights / 2 / (double) whole.parameters());
        assertThat(achieved.parameters()).isEqualTo(whole.parameters());
        assertThat(achieved.stateSize()).isEqualTo(whole.stateSize());
        assertThat(achieved.keptPerLayer().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(weights / 2);
        if (model.startsWith("s4d")) {
            assertThat(achieved.mixerSparsity()).isZero();
        } else if (!targets.startsWith("mixer-m") && !targets.equals("all")) {
            assertThat(achieved.mixerSparsity()).isEqualTo(weights / 2 / (double) whole.mixerParameters());
        }
    }

    @Test
    void patternsPruneTheirShareOfEachGroup() {
        ResultRow row = row("s5-smnist", "wanda", "0.5", Map.of("targets", "all", "pattern", "2:4"));

        assertThat(row.failure()).isNull();
        assertThat(row.coordinates().granularity()).isEqualTo(Granularity.N_M);
        assertThat(requireNonNull(row.achieved()).ratio()).isEqualTo(0.5);
    }

    /** One load, one calibration and one pass serve all ratios; as published, each ratio walks by itself. */
    @ParameterizedTest
    @CsvSource({"s5-smnist, dense", "s5-smnist, pruned", "s4d-smnist, dense"})
    void whatIsReadOnceServesEveryRatio(String model, String propagate) {
        for (String ratio : List.of("0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9")) {
            ResultRow row = row(model, "wanda", ratio, Map.of("targets", "all", "propagate", propagate));
            assertThat(row.failure()).isNull();
        }
        assertThat(runner.loads()).isEqualTo(4); // the model, the examples, the calibration, the scores
    }

    @Test
    void whatAClassifierCannotBeWatchedOnIsTheUsersMistake() {
        Map<String, String> text =
                Map.of("dataSha256", "0", "samples", "4", "length", "8", "seed", "0", "join", "spaces");
        Failure ofText =
                requireNonNull(row("s5-smnist", "wanda", "0.5", Map.of(), text).failure());
        assertThat(ofText.kind()).isEqualTo(FailureKind.USER);
        assertThat(ofText.message()).isEqualTo("wanda watches the model on inputs of a task, and the job names none");

        Map<String, String> changed = INPUTS.identity("smnist", "0");
        Failure ofChanged = requireNonNull(
                row("s5-smnist", "wanda", "0.5", Map.of(), changed).failure());
        assertThat(ofChanged.kind()).isEqualTo(FailureKind.DATA);
        assertThat(ofChanged.message()).contains("expected 0; it was changed since the jobs were planned");

        assertThat(CalibrationSettings.of(changed)).isNull();
        assertThat(InputSettings.of(text)).isNull();
        assertThat(InputSettings.of(changed)).isEqualTo(INPUTS);
    }
}
