package dev.coppice.worker.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.results.Achieved;
import dev.coppice.results.FailureKind;
import dev.coppice.results.JobSpec;
import dev.coppice.results.ResultRow;
import dev.coppice.worker.compute.MemoryShare;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.task.calibration.CalibrationData;
import dev.coppice.worker.task.calibration.CalibrationSettings;
import dev.coppice.worker.task.calibration.Joining;
import dev.coppice.worker.weights.Fingerprint;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole jobs that prune parts of a language model's mixers: what their rows say of the smaller model. */
class StructureJobTest {

    private static final Path DATA = Path.of("..", "data");
    private static final Path MODEL = Path.of("src/test/resources/fixtures/eval/model");
    private static final Path TEXT = DATA.resolve("lm/wiki.test.raw.xz");

    private final JobRunner runner =
            new JobRunner(new WorkerSettings("cpu", List.of(), 2, 64 << 20, true, MemoryShare.WHOLE), Map.of());

    private ResultRow row(String method) {
        CalibrationSettings settings = new CalibrationSettings(8, 32, 0, Joining.SPACES);
        boolean calibrated = Methods.of(method).calibrated();
        boolean random = Methods.of(method).random();
        JobSpec spec = new JobSpec(
                "model",
                Fingerprint.of(MODEL, null),
                "piqa",
                "1",
                new TreeMap<>(Map.of("limit", "4")),
                method,
                Methods.complete(method, Collections.emptySortedMap()),
                calibrated
                        ? new TreeMap<>(settings.identity(
                                CalibrationData.at(TEXT.toString()).sha256()))
                        : new TreeMap<>(),
                new BigDecimal("0.5"),
                random ? 3L : null,
                "float32");
        return runner.run(
                        new JobTicket(
                                spec,
                                "structures",
                                1,
                                MODEL.toString(),
                                null,
                                DATA.resolve("lm").toString(),
                                calibrated ? TEXT.toString() : null,
                                null),
                        Assignment.NONE)
                .row();
    }

    /** The model has 2 layers of 8 heads of 8 channels and one group of 16 states; a state of 2 * (64 * 16 + 96 * 4) numbers. */
    @ParameterizedTest
    @CsvSource({
        "dstate-magnitude, state, 16, 1664",
        "dstate-random, state, 16, 1664",
        "dstate-mean, state, 16, 1664",
        "last-mamba2, state, 16, 0",
        "ghost, state, 16, 1664",
        "headdim-magnitude, channel, 64, 1536",
        "flap, head, 8, 0",
        "shedder, block, 1, 1408",
    })
    void rowsDescribeTheSmallerModel(String method, String granularity, int kept, long state) {
        ResultRow row = row(method);

        assertThat(row.failure()).isNull();
        assertThat(requireNonNull(row.coordinates().granularity()).label()).isEqualTo(granularity);
        Achieved achieved = requireNonNull(row.achieved());
        assertThat(achieved.ratio()).isEqualTo(0.5);
        assertThat(achieved.keptPerLayer()).hasSize(2);
        assertThat(achieved.keptPerLayer().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(kept);
        if (state > 0) { // where it does not depend on how the layers share the budget
            assertThat(achieved.stateSize()).isEqualTo(state);
        }
        assertThat(achieved.stateSize()).isLessThan(2 * (64 * 16 + 96 * 4));
        assertThat(achieved.stateBytes()).isEqualTo(4 * achieved.stateSize());
        long parameters = ModelFamilies.read(MODEL, null).parameters();
        assertThat(achieved.parameters()).isLessThan(parameters);
        assertThat(achieved.mixerSparsity()).isBetween(0.01, 0.6);
        assertThat(achieved.modelSparsity())
                .isGreaterThanOrEqualTo((parameters - achieved.parameters()) / (double) parameters);
    }

    @Test
    void aPartThatTheModelLacksIsTheUsersMistake() {
        ResultRow row = row("merge-mean");

        assertThat(requireNonNull(row.failure()).kind()).isEqualTo(FailureKind.USER);
        assertThat(requireNonNull(row.failure()).message()).contains("all heads share one B and C already");
    }
}
