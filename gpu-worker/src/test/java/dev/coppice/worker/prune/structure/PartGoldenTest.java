package dev.coppice.worker.prune.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.prune.LanguagePruneGolden;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.state.Allocation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pruning of states and channels against recordings in float64: scores, what goes, sizes, and what comes out. */
class PartGoldenTest {

    private static final BigDecimal HALF = new BigDecimal("0.5");
    private static final PruningInputs INPUTS = PruningInputs.seed(0);
    private static final List<String> MODELS = LanguagePruneGolden.MODELS;

    private record Case(String method, String recorded, MixerPart part, PartScore score) {}

    private static final List<Case> CASES = List.of(
            new Case("dstate-magnitude", "dstate_magnitude_50", MixerPart.STATES, PartScores.STATE_MAGNITUDE),
            new Case("headdim-magnitude", "headdim_magnitude_50", MixerPart.CHANNELS, PartScores.CHANNEL_MAGNITUDE));

    private static List<String> models() {
        return MODELS;
    }

    private static List<Arguments> cases() {
        List<Arguments> all = new ArrayList<>();
        for (String model : MODELS) {
            CASES.forEach(one -> all.add(Arguments.of(model, one)));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void scoresAreTheReferences(String modelName, Case one) {
        LanguagePruneGolden golden = LanguagePruneGolden.of(modelName);
        double[] expected = golden.tensor(one.recorded + ".scores").toDoubles(); // (layers, groups, units)
        List<Double> actual = new ArrayList<>();
        for (ScoredLayer layer : layers(golden.model(), one.part)) {
            for (double[] group : one.score
                    .begin(layer.number(), layer.mixer(), layer.stored(golden.model()), INPUTS)
                    .scores()) {
                Arrays.stream(group).forEach(actual::add);
            }
        }
        assertThat(actual).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual.get(i)).isCloseTo(expected[i], within(1e-6 * expected[i]));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void logitsAndSizesAreTheReferencesInBothForms(String modelName, Case one) {
        LanguagePruneGolden golden = LanguagePruneGolden.of(modelName);
        Mask mask = Methods.of(one.method).rank(golden.model(), INPUTS).mask(HALF, INPUTS);

        assertThat(mask.achievedRatio()).isEqualTo(0.5);
        golden.requireLogits(mask.compact(golden.model()), one.recorded);
        golden.requireLogits(mask.applyTo(golden.model()), one.recorded);
        golden.requireSameOutputs(mask);
        golden.requireShapes((AssembledModel) mask.compact(golden.model()), one.recorded);
    }

    /** The recorded choice of chance, and its indices in no order. */
    @ParameterizedTest
    @MethodSource("models")
    void aChoiceOfStatesGivesTheReferencesLogits(String modelName) {
        LanguagePruneGolden golden = LanguagePruneGolden.of(modelName);
        HostArray removed = golden.tensor("dstate_random_50.removed"); // (layers, groups, k)
        int groups = removed.shape()[1];
        int k = removed.shape()[2];
        int[] indices = removed.toInts();
        MaskBuilder mask = new MaskBuilder(golden.model().layers());
        int next = 0;
        for (ScoredLayer layer : layers(golden.model(), MixerPart.STATES)) {
            boolean[][] kept = new boolean[groups][2 * k];
            for (boolean[] group : kept) {
                Arrays.fill(group, true);
                for (int i = 0; i < k; i++) {
                    group[indices[next++]] = false;
                }
            }
            mask.add(layer, MixerPart.STATES.cut(layer.mixer(), kept, PartScore.of(new double[0][])), kept);
        }
        golden.requireLogits(mask.build().compact(golden.model()), "dstate_random_50");
        golden.requireSameOutputs(mask.build());
    }

    /** What goes is what the recordings name. */
    @ParameterizedTest
    @MethodSource("cases")
    void whatGoesIsTheReferences(String modelName, Case one) {
        LanguagePruneGolden golden = LanguagePruneGolden.of(modelName);
        HostArray removed = golden.tensor(one.recorded + ".removed"); // (layers, groups, k)
        List<double[]> groups = new ArrayList<>();
        for (ScoredLayer layer : layers(golden.model(), one.part)) {
            groups.addAll(List.of(one.score
                    .begin(layer.number(), layer.mixer(), layer.stored(golden.model()), INPUTS)
                    .scores()));
        }
        List<Integer> gone = new ArrayList<>();
        for (boolean[] group : Allocation.GROUPED.keep(groups, HALF)) {
            for (int i = 0; i < group.length; i++) {
                if (!group[i]) {
                    gone.add(i);
                }
            }
        }
        assertThat(gone.stream().mapToInt(Integer::intValue).toArray()).isEqualTo(removed.toInts());
    }

    /** At every ratio both forms compute the same, and at ratio 0 what the dense model does. */
    @ParameterizedTest
    @MethodSource("models")
    void bothFormsAgreeAtEveryRatio(String modelName) {
        LanguagePruneGolden golden = LanguagePruneGolden.of(modelName);
        for (String method : List.of("dstate-magnitude", "dstate-random", "dstate-mean", "headdim-magnitude")) {
            for (String ratio : List.of("0", "0.1", "0.33", "0.75", "0.999")) {
                Mask mask = Methods.of(method, new TreeMap<>(Map.of()))
                        .rank(golden.model(), INPUTS)
                        .mask(new BigDecimal(ratio), INPUTS);
                golden.requireSameOutputs(mask);
                assertThat(mask.achievedRatio()).isLessThanOrEqualTo(Double.parseDouble(ratio));
                if (ratio.equals("0")) {
                    golden.requireLogits(mask.compact(golden.model()), "dense");
                }
            }
        }
    }

    /** 1 for what is kept. */
    static int[] ints(List<boolean[]> kept) {
        return kept.stream()
                .flatMapToInt(group -> IntStream.range(0, group.length).map(i -> group[i] ? 1 : 0))
                .toArray();
    }

    static List<ScoredLayer> layers(AssembledModel model, MixerPart part) {
        return ScoredLayers.of(model, shape -> part.refusal(shape) == null);
    }
}
