package dev.coppice.worker.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.TestBackend;
import dev.coppice.worker.weights.Fixtures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of the fixtures, with their README's tolerances. */
class ClassifierGoldenTest {

    private final Compute compute = TestBackend.open(1);

    static List<String> cases() {
        return Stream.concat(Fixtures.S5.stream(), Fixtures.S4D.stream()).toList();
    }

    @AfterEach
    void close() {
        compute.close();
    }

    private static void assertNear(String name, float[] actual, float[] expected, double tolerance) {
        assertThat(actual).as(name).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).as("%s[%d]", name, i).isCloseTo(expected[i], Offset.offset((float) tolerance));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void intermediatesAndOutputsAreTheReferences(String name) {
        try (ClassifierCase golden = new ClassifierCase(name)) {
            Map<String, float[]> seen = new HashMap<>();
            Observer recorder = (tensor, lane, value) -> seen.put(tensor, lane.download(value));
            float[] logProbs =
                    ClassifierCase.output(compute, golden.classifier(), golden.batch(), "log_probs", recorder);

            List<String> compared = new ArrayList<>();
            for (String tensor : golden.names()) {
                if (seen.containsKey(tensor)) {
                    assertNear(tensor, seen.get(tensor), golden.golden(tensor), 1e-4);
                    compared.add(tensor);
                }
            }
            // Not recorded; what is follows from it.
            seen.keySet()
                    .removeIf(
                            tensor -> tensor.endsWith("_in") && !golden.names().contains(tensor));
            assertThat(compared).containsAll(seen.keySet()).contains("logits", "pooled", "layer1.ssm_out");
            if (golden.names().contains("log_probs")) {
                assertNear("log_probs", logProbs, golden.golden("log_probs"), 1e-4);
            }
        }
    }

    static Stream<Arguments> casesInEachPrecision() {
        return cases().stream()
                .flatMap(name ->
                        TestBackend.classifierPrecisions().stream().map(precision -> Arguments.of(name, precision)));
    }

    /** Unobserved, as jobs run them; root mean squares. */
    @ParameterizedTest
    @MethodSource("casesInEachPrecision")
    void logitsAreNearTheReferencesInEachPrecision(String name, Precision precision) {
        try (ClassifierCase golden = new ClassifierCase(name);
                Compute own = TestBackend.open(1, precision)) {
            float[] logits = ClassifierCase.output(own, golden.classifier(), golden.batch(), "logits", Observer.NONE);
            float[] expected = golden.golden("logits");
            double errors = 0;
            double squares = 0;
            for (int i = 0; i < expected.length; i++) {
                errors += Math.pow((double) logits[i] - expected[i], 2);
                squares += Math.pow(expected[i], 2);
            }
            assertThat(logits).hasSameSizeAs(expected);
            assertThat(Math.sqrt(errors / squares)).isLessThan(precision == Precision.FLOAT32 ? 2e-5 : 5e-3);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void discreteParametersAreTheReferences(String name) {
        try (ClassifierCase golden = new ClassifierCase(name)) {
            List<NamedArray> arrays = ((DiscreteParameters) golden.classifier()).discreteParameters();

            assertThat(arrays).extracting(NamedArray::name).contains("layer0.lam_bar_re", "layer1.b_bar_im");
            for (NamedArray array : arrays) {
                float[] expected = golden.golden(array.name());
                double tolerance = array.name().endsWith("kernel") ? 1e-5 : 1e-6;
                assertThat(array.values()).hasSameSizeAs(expected);
                for (int i = 0; i < expected.length; i++) {
                    assertThat(array.values()[i])
                            .as("%s[%d]", array.name(), i)
                            .isCloseTo(expected[i], Offset.offset(tolerance));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void zeroedModelsAreTheReferencesAndCompactedOnesEqualThem(String name) {
        try (ClassifierCase golden = new ClassifierCase(name)) {
            List<String> prunings = golden.names().stream()
                    .filter(tensor -> tensor.startsWith("pruned."))
                    .toList();
            for (String pruning : prunings) {
                String kind = pruning.substring(pruning.lastIndexOf('.') + 1);
                KeptStates kept = golden.mask(pruning);
                SequenceBatch batch = golden.batch();
                float[] zeroed =
                        ClassifierCase.output(compute, golden.prunable().zeroed(kept), batch, kind, Observer.NONE);
                float[] compacted =
                        ClassifierCase.output(compute, golden.prunable().compacted(kept), batch, kind, Observer.NONE);

                assertNear(pruning, zeroed, golden.golden(pruning), 1e-4);
                assertNear(pruning + ", compacted", compacted, zeroed, 1e-5);
            }
            assertThat(prunings).hasSizeGreaterThanOrEqualTo(8);
        }
    }
}
