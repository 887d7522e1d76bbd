package dev.coppice.worker.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.results.Granularity;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.model.ClassifierCase;
import dev.coppice.worker.model.KeptStates;
import dev.coppice.worker.prune.state.StateMask;
import dev.coppice.worker.prune.state.StateRanking;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.Fixtures;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scores and masks of every method on every golden case. */
class StateMethodsGoldenTest {

    /** Our method of each score file's name and scope. */
    private static final Map<String, String> METHODS = Map.of(
            "global.last", "last",
            "global.last_repo_compat", "last-repo-compat",
            "global.hinf", "global-hinf",
            "uniform.hinf", "uniform-hinf",
            "global.aire", "aire",
            "global.h2", "global-h2",
            "uniform.h2", "uniform-h2",
            "global.magnitude", "global-magnitude",
            "uniform.magnitude", "uniform-magnitude",
            "global.lamp", "lamp");

    static List<String> cases() {
        return Stream.concat(Fixtures.S5.stream(), Fixtures.S4D.stream()).toList();
    }

    private static boolean[][] bits(KeptStates kept) {
        return kept.layers().toArray(boolean[][]::new);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void scoresAreTheReferences(String name) {
        try (ClassifierCase golden = new ClassifierCase(name);
                Checkpoint scores = Fixtures.open(name, "scores.safetensors")) {
            int compared = 0;
            for (Map.Entry<String, String> method : METHODS.entrySet()) {
                String score = method.getKey().substring(method.getKey().indexOf('.') + 1);
                String inDouble = score.equals("last_repo_compat") ? score + "_f64" : score;
                if (!scores.names().contains(inDouble)) {
                    continue;
                }
                StateRanking ranking =
                        (StateRanking) Methods.of(method.getValue()).rank(golden.classifier(), PruningInputs.seed(0));
                assertThat(scores.info(inDouble).dtype()).isEqualTo(DType.FLOAT64);
                double[] expected = scores.read(inDouble).toDoubles();
                double[] actual = ranking.scores().stream()
                        .flatMapToDouble(Arrays::stream)
                        .toArray();
                assertThat(actual).hasSameSizeAs(expected);
                for (int i = 0; i < expected.length; i++) {
                    assertThat(actual[i])
                            .as("%s[%d]", method.getValue(), i)
                            .isCloseTo(expected[i], within(1e-9 * Math.abs(expected[i])));
                }
                compared++;
            }
            assertThat(compared).isGreaterThanOrEqualTo(9);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void masksAreTheReferences(String name) {
        try (ClassifierCase golden = new ClassifierCase(name);
                Checkpoint masks = Fixtures.open(name, "masks.safetensors")) {
            int compared = 0;
            for (Map.Entry<String, String> method : METHODS.entrySet()) {
                if (!masks.names().contains(method.getKey() + ".masks")) {
                    continue;
                }
                Ranking ranking = Methods.of(method.getValue()).rank(golden.classifier(), PruningInputs.seed(0));
                for (int percent = 10; percent <= 100; percent += 10) {
                    StateMask mask = (StateMask) ranking.mask(BigDecimal.valueOf(percent, 2), PruningInputs.seed(0));
                    String[] parts = method.getKey().split("\\.");
                    assertThat(bits(mask.kept()))
                            .as("%s at %d %%", method.getValue(), percent)
                            .isDeepEqualTo(bits(golden.mask(parts[0], parts[1], percent)));
                    compared++;
                }
            }
            assertThat(compared).isGreaterThanOrEqualTo(90);
        }
    }

    @Test
    void ratioZeroKeepsEverythingAndMasksShrinkWithTheRatio() {
        try (ClassifierCase golden = new ClassifierCase("s5_bi_zoh_halfglu2")) {
            for (String name : Methods.names()) {
                PruningMethod method = Methods.of(name);
                boolean ofStates = method.granularity() == Granularity.STATE;
                if (!ofStates || method.refusal(golden.classifier().config()) != null) {
                    continue;
                }
                Ranking ranking = method.rank(golden.classifier(), PruningInputs.seed(3));
                double previous = 0;
                assertThat(ranking.mask(BigDecimal.ZERO, PruningInputs.seed(0)).achievedRatio())
                        .isZero();
                for (int percent = 5; percent <= 95; percent += 5) {
                    double achieved = ranking.mask(BigDecimal.valueOf(percent, 2), PruningInputs.seed(0))
                            .achievedRatio();
                    assertThat(achieved).as(name).isGreaterThanOrEqualTo(previous);
                    previous = achieved;
                }
            }
        }
    }

    @Test
    void randomIsReproducibleAndDependsOnItsSeed() {
        try (ClassifierCase golden = new ClassifierCase("s5_bi_zoh_halfglu2")) {
            BigDecimal half = new BigDecimal("0.5");
            PruningMethod random = Methods.of("random");
            StateMask first = (StateMask)
                    random.rank(golden.classifier(), PruningInputs.seed(1)).mask(half, PruningInputs.seed(0));
            StateMask again = (StateMask)
                    random.rank(golden.classifier(), PruningInputs.seed(1)).mask(half, PruningInputs.seed(0));
            StateMask other = (StateMask)
                    random.rank(golden.classifier(), PruningInputs.seed(2)).mask(half, PruningInputs.seed(0));
            assertThat(bits(first.kept())).isDeepEqualTo(bits(again.kept()));
            assertThat(Arrays.deepEquals(bits(first.kept()), bits(other.kept())))
                    .isFalse();
            assertThat(first.keptPerLayer()).containsOnly(first.keptPerLayer().get(0));
        }
    }

    @Test
    void unknownNamesAreAnsweredWithTheNearest() {
        assertThatThrownBy(() -> Methods.of("lasst")).hasMessageContaining("did you mean \"last\"?");
    }
}
