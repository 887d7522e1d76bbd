package dev.coppice.worker.model.s4d;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.model.KeptStates;
import dev.coppice.worker.model.NamedArray;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.weights.Fixtures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every S4D case of the fixtures, with their README's tolerances. */
class S4dGoldenTest {

    private final Compute compute = new CpuBackend().open(CpuBackend.NAME, 1);

    static List<String> cases() {
        return Fixtures.S4D;
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
    void intermediatesAndLogitsAreTheReferences(String name) {
        try (S4dCase golden = new S4dCase(name)) {
            Map<String, float[]> seen = new HashMap<>();
            golden.logits(compute, golden.model(), (tensor, lane, value) -> seen.put(tensor, lane.download(value)));

            List<String> compared = new ArrayList<>();
            for (String tensor : golden.names()) {
                if (seen.containsKey(tensor)) {
                    assertNear(tensor, seen.get(tensor), golden.golden(tensor), 1e-4);
                    compared.add(tensor);
                }
            }
            assertThat(compared).containsAll(seen.keySet()).contains("logits", "pooled", "layer1.ssm_out");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void discreteParametersAreTheReferences(String name) {
        try (S4dCase golden = new S4dCase(name)) {
            List<NamedArray> arrays = golden.model().discreteParameters();

            assertThat(arrays).extracting(NamedArray::name).contains("layer0.lam_bar_re", "layer1.kernel");
            for (NamedArray array : arrays) {
                float[] expected = golden.golden(array.name());
                double tolerance = array.name().endsWith("kernel") ? 1e-5 : 1e-6;
                for (int i = 0; i < expected.length; i++) {
                    assertThat(array.values()[i])
                            .as("%s[%d]", array.name(), i)
                            .isCloseTo(expected[i], Offset.offset(tolerance));
                }
                assertThat(array.values()).hasSameSizeAs(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void zeroedModelsAreTheReferencesAndCompactedOnesEqualThem(String name) {
        try (S4dCase golden = new S4dCase(name)) {
            List<String> prunings = golden.names().stream()
                    .filter(tensor -> tensor.startsWith("pruned."))
                    .toList();
            for (String pruning : prunings) {
                KeptStates kept = golden.mask(pruning);
                float[] zeroed = golden.logits(compute, golden.model().zeroed(kept), Observer.NONE);
                float[] compacted = golden.logits(compute, golden.model().compacted(kept), Observer.NONE);

                assertNear(pruning, zeroed, golden.golden(pruning), 1e-4);
                assertNear(pruning + ", compacted", compacted, zeroed, 1e-5);
            }
            assertThat(prunings).hasSizeGreaterThanOrEqualTo(8);
        }
    }
}
