package dev.coppice.worker.job.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.model.SequenceClassifier;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClassifierBenchmarkTest {

    private static ClassifierBenchmark.Settings settings(LayerKind layer, double keptStates) {
        return new ClassifierBenchmark.Settings(Preset.SMNIST, layer, 2, keptStates);
    }

    @ParameterizedTest
    @EnumSource(LayerKind.class)
    void measuresTheEvaluationOfEachKindOfLayer(LayerKind layer) {
        ClassifierBenchmark.Result result;
        try (Compute compute = new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32)) {
            result = ClassifierBenchmark.run(settings(layer, 0.5), compute, new Conditions(2, 3, Duration.ZERO, 5));
        }

        Measurement measured = result.evaluation();
        assertThat(measured.times().wallSeconds()).hasSize(3);
        assertThat(result.forward().wallSeconds()).hasSize(3);
        assertThat(result.forward().min()).isPositive();
        assertThat(result.preparing().min()).isPositive();
        assertThat(measured.times().min())
                .isPositive()
                .isLessThanOrEqualTo(measured.times().median());
        assertThat(measured.times().max())
                .isGreaterThanOrEqualTo(measured.times().median());
        double step = layer == LayerKind.S5
                ? (2 + 4) * 2.0 * 64 * 16 + 2 * 8.0 * 16 + 2.0 * 64 * 64
                : 64 * 2 * 5.0 * 10 * 1024 / 784 + 2 * 2.0 * 64 * 64;
        assertThat(measured.flops()).isCloseTo(2 * 784 * 4 * step, withinPercentage(1e-9));
        assertThat(measured.gigaflops() * measured.times().median()).isCloseTo(1e-9 * measured.flops(), within(1e-9));
        assertThat(measured.peakGigaflops()).isPositive();
        assertThat(measured.tensorBytes()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void modelsHaveTheirPresetsShapes(Preset preset) {
        SequenceClassifier s5 = (SequenceClassifier) RandomS5.model(preset, 1);
        SequenceClassifier s4d = (SequenceClassifier) RandomS4d.model(preset, 1);
        assertThat(s5.classes()).isEqualTo(preset.classes());
        assertThat(s5.sequenceLength()).isEqualTo(preset.steps());
        assertThat(s5.stateSize()).isEqualTo(4L * preset.layers() * preset.states(LayerKind.S5));
        assertThat(s4d.classes()).isEqualTo(preset.classes());
        assertThat(s4d.sequenceLength()).isEqualTo(preset.steps());
        assertThat(s4d.stateSize()).isEqualTo(4L * preset.layers() * preset.channels() * preset.states(LayerKind.S4D));
    }

    /** Counted by hand for one step of one layer: (1, 64) input, 32 states, gate (64, 64). */
    @Test
    void workIsThatOfTheProductsAndScans() {
        double layer = 2.0 * 64 * 64 + 2 * (8.0 * 32 + 2.0 * 64 * 64) + 2.0 * 64 * 64;
        assertThat(Work.flops((SequenceClassifier) RandomS5.model(Preset.SMNIST, 1)))
                .isEqualTo(784 * 4 * layer);
    }

    @Test
    void refusesWhatCannotBeMeasured() {
        assertThatThrownBy(() -> settings(LayerKind.S5, 0))
                .hasMessage("the share of kept states is above 0 and up to 1, not 0.0");
        assertThatThrownBy(() -> new ClassifierBenchmark.Settings(Preset.IMDB, LayerKind.S5, 0, 1))
                .hasMessage("a batch has at least 1 sequence, not 0");
        assertThatThrownBy(() -> new Conditions(0, 1, Duration.ZERO, 0))
                .hasMessage("threads and repeats are at least 1, not 0 and 1");
    }
}
