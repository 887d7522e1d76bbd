package dev.coppice.worker.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.results.Granularity;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.model.ClassifierCase;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.prune.state.Allocation;
import dev.coppice.worker.prune.state.Normalisation;
import dev.coppice.worker.prune.state.StateMask;
import dev.coppice.worker.prune.state.StateMethod;
import dev.coppice.worker.prune.state.StateScore;
import dev.coppice.worker.weights.Fixtures;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every method on every model. Random methods run with seed 3. */
class StateMethodsPropertyTest {

    private static final long SEED = 3;

    static List<String> cases() {
        return Stream.concat(Fixtures.S5.stream(), Fixtures.S4D.stream()).toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void ratioZeroIsTheWholeModelAndAHigherRatioKeepsASubset(String name) {
        try (ClassifierCase golden = new ClassifierCase(name)) {
            for (PruningMethod method : methodsFor(golden.classifier())) {
                Ranking ranking = method.rank(golden.classifier(), PruningInputs.seed(SEED));
                List<boolean[]> wider = kept(ranking, 0);
                assertThat(wider)
                        .as(method.name())
                        .allSatisfy(layer -> assertThat(layer).doesNotContain(false));
                for (int percent = 1; percent <= 100; percent++) {
                    List<boolean[]> narrower = kept(ranking, percent);
                    assertSubset(method.name() + " at " + percent + " %", narrower, wider);
                    wider = narrower;
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void normalisingChangesNothingWithinALayer(String name) {
        try (ClassifierCase golden = new ClassifierCase(name)) {
            Model model = golden.classifier();
            StateMethod uniformLast = new StateMethod(
                    "uniform-last",
                    StateScore.HINF,
                    Normalisation.SUFFIX_SUM,
                    Allocation.UNIFORM,
                    Set.of(model.architecture()));
            for (int percent = 0; percent <= 100; percent++) {
                assertThat(kept(uniformLast.rank(model, PruningInputs.seed(0)), percent)
                                .toArray(boolean[][]::new))
                        .isDeepEqualTo(kept(Methods.of("uniform-hinf").rank(model, PruningInputs.seed(0)), percent)
                                .toArray(boolean[][]::new));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bothWaysToApplyAMaskGiveTheSameOutputs(String name) {
        try (ClassifierCase golden = new ClassifierCase(name);
                Compute compute = new CpuBackend().open(CpuBackend.NAME, 1, Precision.FLOAT32)) {
            for (PruningMethod method : methodsFor(golden.classifier())) {
                Mask mask = method.rank(golden.classifier(), PruningInputs.seed(SEED))
                        .mask(new BigDecimal("0.6"), PruningInputs.seed(0));
                float[] zeroed = logits(compute, golden, mask.applyTo(golden.classifier()));
                float[] compacted = logits(compute, golden, mask.compact(golden.classifier()));
                for (int i = 0; i < zeroed.length; i++) {
                    assertThat(compacted[i]).as(method.name()).isCloseTo(zeroed[i], Offset.offset(1e-5f));
                }
            }
        }
    }

    @Test
    void lastAlwaysLeavesEachLayerItsBestState() {
        try (ClassifierCase golden = new ClassifierCase("s5_bi_zoh_halfglu2")) {
            Mask mask = Methods.of("last")
                    .rank(golden.classifier(), PruningInputs.seed(0))
                    .mask(BigDecimal.ONE, PruningInputs.seed(0));
            assertThat(mask.keptPerLayer()).containsExactly(1, 1, 1);
        }
    }

    @Test
    void achievedRatiosAreNotBlurredBySubtraction() {
        try (ClassifierCase golden = new ClassifierCase("s5_bi_zoh_halfglu2")) {
            Mask mask = Methods.of("last")
                    .rank(golden.classifier(), PruningInputs.seed(0))
                    .mask(new BigDecimal("0.3"), PruningInputs.seed(0));
            assertThat(mask.achievedRatio()).isEqualTo(0.3);
        }
    }

    @Test
    void ratiosOutsideZeroToOneAreRefused() {
        try (ClassifierCase golden = new ClassifierCase("s5_pixel_pool")) {
            Ranking ranking = Methods.of("last").rank(golden.classifier(), PruningInputs.seed(0));
            for (String ratio : new String[] {"-0.1", "1.01"}) {
                assertThatThrownBy(() -> ranking.mask(new BigDecimal(ratio), PruningInputs.seed(0)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(ratio);
            }
        }
    }

    @Test
    void parametersThatNoMethodHasAreRefused() {
        TreeMap<String, String> parameters = new TreeMap<>();
        assertThat(Methods.of("lamp", parameters)).isSameAs(Methods.of("lamp"));

        parameters.put("epsilon", "1e-6");
        assertThatThrownBy(() -> Methods.of("lamp", parameters))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lamp has no parameters; remove epsilon");
    }

    private static List<PruningMethod> methodsFor(Model model) {
        return Methods.names().stream()
                .map(Methods::of)
                .filter(method -> method.granularity() == Granularity.STATE)
                .filter(method -> method.refusal(model.config()) == null)
                .toList();
    }

    private static List<boolean[]> kept(Ranking ranking, int percent) {
        return ((StateMask) ranking.mask(BigDecimal.valueOf(percent, 2), PruningInputs.seed(0)))
                .kept()
                .layers();
    }

    private static void assertSubset(String description, List<boolean[]> narrower, List<boolean[]> wider) {
        for (int layer = 0; layer < wider.size(); layer++) {
            for (int i = 0; i < wider.get(layer).length; i++) {
                assertThat(wider.get(layer)[i] || !narrower.get(layer)[i])
                        .as("%s, layer %d, state %d", description, layer, i)
                        .isTrue();
            }
        }
    }

    private static float[] logits(Compute compute, ClassifierCase golden, Model model) {
        return ClassifierCase.output(compute, model, golden.batch(), "logits", Observer.NONE);
    }
}
