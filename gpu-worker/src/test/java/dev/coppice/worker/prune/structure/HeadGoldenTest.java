package dev.coppice.worker.prune.structure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.discrete.DiscreteFamily;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.LanguageConfig;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.mamba2.Mamba2Cut;
import dev.coppice.worker.model.mamba2.Mamba2Mixer;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import dev.coppice.worker.prune.LanguagePruneGolden;
import dev.coppice.worker.prune.LayerWalk;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.state.Allocation;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pruning and merging of heads against recordings in float64. */
class HeadGoldenTest {

    private static final Path FIXTURES = Path.of("src/test/resources/fixtures/llm");
    private static final BigDecimal HALF = new BigDecimal("0.5");
    private static final PruningInputs INPUTS = PruningInputs.seed(0);

    @ParameterizedTest
    @ValueSource(strings = {"mamba2-original", "phi-mamba", "smol2-mamba"})
    void flapIsTheReferences(String name) {
        LanguagePruneGolden golden = LanguagePruneGolden.of(name);
        try (Compute compute = new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32)) {
            PruningInputs inputs = PruningInputs.on(compute, golden.calibration(), 0, () -> {});
            Mask mask = Methods.of("flap").rank(golden.model(), inputs).mask(HALF, inputs);

            List<Integer> kept = new ArrayList<>();
            golden.facts("flap_50").path("kept_per_layer").forEach(count -> kept.add(count.asInt()));
            assertThat(mask.keptPerLayer()).isEqualTo(kept);
            golden.requireLogits(mask.compact(golden.model()), "flap_50");
            golden.requireLogits(mask.applyTo(golden.model()), "flap_50");
            golden.requireSameOutputs(mask);
            AssembledModel compact = (AssembledModel) mask.compact(golden.model());
            golden.requireShapes(compact, "flap_50");
            assertThat(compact.config().files())
                    .containsEntry("config.json", golden.facts("flap_50").path("pruned_config"));
            float[] bias = golden.tensor("flap_50.bias").toFloats(); // (layers, D)
            for (ScoredLayer layer : PartGoldenTest.layers(golden.model(), MixerPart.HEADS)) {
                float[] own = compact.checkpoint()
                        .read(layer.prefix() + "out_proj.bias")
                        .toFloats();
                for (int i = 0; i < own.length; i++) {
                    assertThat(own[i]).isCloseTo(bias[layer.number() * own.length + i], within(1e-5f));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mamba2-original", "phi-mamba", "smol2-mamba"})
    void flapsStatisticsAndScoresAreTheReferences(String name) {
        LanguagePruneGolden golden = LanguagePruneGolden.of(name);
        try (Compute compute = new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32)) {
            PruningInputs inputs = PruningInputs.on(compute, golden.calibration(), 0, () -> {});
            List<ScoredLayer> layers = PartGoldenTest.layers(golden.model(), MixerPart.HEADS);
            List<FlapScore.Fluctuations> watched = layers.stream()
                    .map(layer -> (FlapScore.Fluctuations)
                            new FlapScore().begin(layer.number(), layer.mixer(), layer.stored(golden.model()), inputs))
                    .toList();
            new LayerWalk(golden.model(), inputs, LayerWalk.Propagation.DENSE).run(new LayerWalk.Visitor() {
                @Override
                public Observer observer(int layer) {
                    return watched.get(layer);
                }

                @Override
                public Map<String, HostArray> leave(int layer) {
                    return Map.of();
                }
            });
            double[] means = golden.tensor("flap_50.mean_input").toDoubles(); // (layers, inner)
            double[] fluctuations = golden.tensor("flap_50.fluctuation").toDoubles(); // (layers, inner)
            double[] scores = golden.tensor("flap_50.head_scores").toDoubles(); // (layers, H)
            int inner = means.length / layers.size();
            for (int i = 0; i < means.length; i++) {
                FlapScore.Fluctuations own = watched.get(i / inner);
                assertThat(own.mean(i % inner)).isCloseTo(means[i], within(1e-5));
                assertThat(own.fluctuation(i % inner)).isCloseTo(fluctuations[i], within(1e-4 * fluctuations[i]));
            }
            List<double[]> actual = watched.stream().map(one -> one.scores()[0]).toList();
            assertThat(actual.stream().flatMapToDouble(Arrays::stream).toArray())
                    .containsExactly(scores, within(1e-4));
            assertThat(PartGoldenTest.ints(Allocation.BEST_OF_EACH.keep(actual, HALF)))
                    .isEqualTo(golden.tensor("flap_50.head_keep").toInts());
        }
    }

    @ParameterizedTest
    @CsvSource({"phi-mamba, 0.5, 2", "phi-mamba, 0.75, 1", "smol2-mamba, 0.5, 2", "smol2-mamba, 0.75, 1"})
    void mergedHeadsAreTheReferences(String name, BigDecimal ratio, int left) {
        LanguagePruneGolden golden = LanguagePruneGolden.of(name);
        String recorded = "merge_mean_" + left;
        Mask mask = Methods.of("merge-mean").rank(golden.model(), INPUTS).mask(ratio, INPUTS);

        assertThat(mask.keptPerLayer()).containsExactly(left, left, left);
        golden.requireLogits(mask.compact(golden.model()), recorded);
        golden.requireLogits(mask.applyTo(golden.model()), recorded);
        AssembledModel compact = (AssembledModel) mask.compact(golden.model());
        golden.requireShapes(compact, recorded);
        assertThat(compact.config().mixers()).isEqualTo(recordedMixers(golden.facts(recorded)));
        JsonNode written = requireNonNull(compact.config().files().get("config.json"));
        assertThat(written.path("Block1").path("core_input").path("n_qk_heads").asInt())
                .isEqualTo(left);
    }

    /** The sizes in the authors' config of a pruned model, which has a block of its own for them. */
    private static List<MixerShape> recordedMixers(JsonNode facts) {
        return ((LanguageConfig) new DiscreteFamily().config(FIXTURES, facts.path("pruned_config"))).mixers();
    }

    /** Heads that are alike are found wherever they stand, and the order of heads makes no difference to what comes out. */
    @ParameterizedTest
    @ValueSource(strings = {"phi-mamba", "smol2-mamba"})
    void mergedAlikeHeadsComputeTheSameInBothForms(String name) {
        LanguagePruneGolden golden = LanguagePruneGolden.of(name);
        for (String ratio : List.of("0.5", "0.75")) {
            golden.requireSameOutputs(
                    Methods.of("merge-kmeans").rank(golden.model(), INPUTS).mask(new BigDecimal(ratio), INPUTS));
        }
        Mamba2Mixer mixer = (Mamba2Mixer) golden.model().parts().blocks().get(0).mixer();
        Mamba2Shape shape = mixer.shape();
        int[][] crossed = {{0, 2}, {1, 3}};
        MaskBuilder mask = new MaskBuilder(golden.model().layers());
        PartGoldenTest.layers(golden.model(), MixerPart.HEADS)
                .forEach(layer ->
                        mask.add(layer, Mamba2Cut.merged((Mamba2Mixer) layer.mixer(), crossed), 2, shape.bGroups()));
        golden.requireSameOutputs(mask.build());
    }

    /** Where a count of heads does not divide, more are merged than asked for, and the mask says how many. */
    @Test
    void countsThatDoNotDivideAreRounded() {
        assertThat(Pooling.leftOfEqual(4, new BigDecimal("0.25"))).isEqualTo(2);
        assertThat(Pooling.leftOfEqual(32, new BigDecimal("0.25"))).isEqualTo(16);
        assertThat(Pooling.leftOfEqual(32, new BigDecimal("0.5"))).isEqualTo(16);
        assertThat(Pooling.leftOfEqual(32, new BigDecimal("0.99"))).isEqualTo(1);
        assertThat(Pooling.leftOfEqual(32, BigDecimal.ZERO)).isEqualTo(32);
        LanguagePruneGolden golden = LanguagePruneGolden.of("phi-mamba");
        Mask mask = Methods.of("merge-mean").rank(golden.model(), INPUTS).mask(new BigDecimal("0.3"), INPUTS);
        assertThat(mask.achievedRatio()).isEqualTo(0.5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "merge-mean | mamba2-original | merge-mean does not prune mamba2 models; mamba2 mixer: all heads share one B and C already",
                "merge-mean | mamba2-hf | merge-mean does not prune mamba2 models; mamba2 mixer: the groups of B and C are those of its norm, too",
                "merge-kmeans | mamba1-hf | merge-kmeans does not prune mamba1 models; mamba1 mixer: it has no heads",
                "merge-mean | mamba-in-llama | merge-mean does not prune llama-mamba2 models; mamba2 mixer: several heads share an x and a B already",
                "flap | mamba-in-llama | flap does not prune llama-mamba2 models; mamba2 mixer: several heads share an x",
                "flap | mamba2-hf | flap does not prune mamba2 models; mamba2 mixer: 2 groups of heads share B and C, and each group must keep as many heads",
                "headdim-magnitude | mamba1-hf | headdim-magnitude does not prune mamba1 models; mamba1 mixer: it has no heads",
                "last-mamba2 | mamba1-hf | last-mamba2 does not prune mamba1 models; mamba1 mixer: each of its states has a decay of its own; see last-mamba1",
                "last-mamba1 | phi-mamba | last-mamba1 does not prune phi-mamba models; mamba2 mixer: the score is Mamba-1's; see last-mamba2",
            })
    void modelsWithoutThatPartAreRefusedWithTheReason(String method, String model, String reason) {
        assertThat(Methods.of(method)
                        .refusal(ModelFamilies.describe(FIXTURES.resolve(model)).config()))
                .isEqualTo(reason);
    }
}
