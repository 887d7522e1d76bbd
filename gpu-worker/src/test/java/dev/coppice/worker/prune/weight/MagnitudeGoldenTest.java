package dev.coppice.worker.prune.weight;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.prune.LanguagePruneGolden;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningInputs;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Magnitude pruning of weights against recordings: what is pruned, and what comes out. */
class MagnitudeGoldenTest {

    @ParameterizedTest
    @CsvSource({
        "magnitude_per_matrix_50, weight-magnitude, matrix",
        "magnitude_global_50, weight-magnitude, global",
        "magnitude_ssm_pruner_50, weight-magnitude-repo-compat,"
    })
    void masksAndLogitsAreTheReferences(String recorded, String method, String allocation) {
        Map<String, String> params = allocation == null ? Map.of() : Map.of("allocation", allocation);
        for (String modelName : LanguagePruneGolden.MODELS) {
            LanguagePruneGolden golden = LanguagePruneGolden.of(modelName);
            try (Compute compute = new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32)) {
                PruningInputs inputs = PruningInputs.on(compute, null, 0, () -> {});
                WeightMask mask = (WeightMask) Methods.of(method, new TreeMap<>(params))
                        .rank(golden.model(), inputs)
                        .mask(new BigDecimal("0.5"), inputs);

                for (PrunedMatrix pruned : mask.matrices()) {
                    String name = recorded + "." + WandaGoldenTest.shortName(pruned.matrix()) + ".mask";
                    if (golden.has(name)) { // of the repository's form, which prunes MLPs too, only mixers are recorded
                        assertThat(WandaGoldenTest.zeros(
                                        golden.model().matrix(pruned.matrix().name()), pruned.weight()))
                                .as(modelName + " " + name)
                                .isEqualTo(golden.tensor(name).toInts());
                    }
                }
                golden.requireLogits(mask.applyTo(golden.model()), recorded);
                JsonNode facts = golden.facts(recorded);
                facts.path("pruned_per_linear")
                        .properties()
                        .forEach(count -> assertThat(pruned(mask, count.getKey()))
                                .as(modelName + " " + count.getKey())
                                .isEqualTo(count.getValue().asLong()));
                assertThat(mask.mixerZeros())
                        .isEqualTo(facts.path("mixer_proj_zeros").asLong());
            }
        }
    }

    private static long pruned(WeightMask mask, String name) {
        return mask.matrices().stream()
                .filter(one -> one.matrix().name().equals(name))
                .mapToLong(PrunedMatrix::pruned)
                .sum();
    }
}
