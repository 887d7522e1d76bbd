package dev.coppice.worker.job.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.job.LanguageEvaluation;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.job.synthesis.RandomTensors;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.LanguageConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LanguageBenchmarkTest {

    private static final Path MODEL = Path.of("src/test/resources/fixtures/eval/model");
    private static final Conditions CONDITIONS = new Conditions(2, 3, Duration.ZERO, 5);

    private final AssembledModel model = (AssembledModel) ModelFamilies.read(MODEL, null);

    private static Compute open() {
        return new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32);
    }

    @Test
    void measuresTheScoringOfAllTokens() {
        LanguageBenchmark.Shape shape = new LanguageBenchmark.Shape(3, 40);
        Measurement measured;
        try (Compute compute = open()) {
            measured = LanguageBenchmark.prefill(model, shape, compute, CONDITIONS);
        }

        assertThat(measured.times().wallSeconds()).hasSize(3);
        assertThat(measured.flops()).isEqualTo(120 * LanguageBenchmark.flops(model));
        assertThat(measured.tensorBytes()).isPositive();
    }

    /** Every weight of a model with tied embeddings meets each token, in the head if nowhere else. */
    @Test
    void workIsThatOfTheWeightsAndTheRecurrence() {
        assertThat(model.parts().head()).isSameAs(model.parts().embedding());
        assertThat(LanguageBenchmark.flops(model)).isEqualTo(2.0 * model.parameters() + 4.0 * model.stateSize());
    }

    @Test
    void measuresATaskAsJobsRunIt() {
        LanguageBenchmark.TaskMeasurement measured;
        try (Compute compute = open()) {
            measured = LanguageBenchmark.task(
                    MODEL,
                    model,
                    "hellaswag",
                    Path.of("..", "data", "lm").toString(),
                    new TreeMap<>(Map.of("limit", "3")),
                    compute,
                    CONDITIONS);
        }

        assertThat(measured.times().wallSeconds()).hasSize(3);
        assertThat(measured.requests()).isEqualTo(12);
        assertThat(measured.scoreSeconds())
                .isPositive()
                .isLessThan(measured.times().max());
        assertThat(measured.metrics().examples()).isEqualTo(3);
        assertThat(measured.metrics().extra().get(LanguageEvaluation.COMPUTED_TOKENS))
                .isPositive()
                .isLessThan((double) measured.metrics().tokens());
        assertThat(measured.peakBytes()).isPositive();
    }

    /** Counted by hand: widths of 2 D inside, heads of 64, 128 states in one group, 4 taps, tied embeddings. */
    @ParameterizedTest
    @EnumSource(LanguagePreset.class)
    void presetsHaveThePublishedShapes(LanguagePreset preset, @TempDir Path folder) throws IOException {
        long layers = List.of(24, 48, 48, 48, 64).get(preset.ordinal());
        long d = List.of(768, 1024, 1536, 2048, 2560).get(preset.ordinal());
        long heads = 2 * d / 64;
        long mixer = d * (4 * d + 2 * 128 + heads) + 5 * (2 * d + 2 * 128) + 3 * heads + 2 * d + 2 * d * d;
        preset.writeConfig(folder);

        LanguageConfig config = (LanguageConfig) ModelFamilies.describe(folder).config();

        assertThat(RandomTensors.of(config, DType.FLOAT16, 0).stream()
                        .mapToLong(tensor -> tensor.bytes() / 2)
                        .sum())
                .isEqualTo(50288 * d + layers * (d + mixer) + d);
    }

    @Test
    void refusesWhatCannotBeMeasured() {
        assertThatThrownBy(() -> new LanguageBenchmark.Shape(0, 5))
                .hasMessage("batch and length are at least 1, not 0 and 5");
    }
}
