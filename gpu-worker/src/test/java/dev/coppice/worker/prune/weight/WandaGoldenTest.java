package dev.coppice.worker.prune.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.prune.LanguagePruneGolden;
import dev.coppice.worker.prune.LayerWalk;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.PruningMethod;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** WANDA as published against recordings in float64: what is pruned, and what comes out. */
class WandaGoldenTest {

    private record Case(String name, String ratio, String pattern) {}

    private static final List<Case> CASES = List.of(
            new Case("wanda_25", "0.25", "none"),
            new Case("wanda_50", "0.5", "none"),
            new Case("wanda_2_4", "0.5", "2:4"),
            new Case("wanda_4_8", "0.5", "4:8"));

    private static List<Arguments> cases() {
        List<Arguments> all = new ArrayList<>();
        for (String model : LanguagePruneGolden.MODELS) {
            CASES.forEach(one -> all.add(Arguments.of(model, one)));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void masksAndLogitsAreTheReferences(String modelName, Case recorded) {
        LanguagePruneGolden golden = LanguagePruneGolden.of(modelName);
        PruningMethod method = Methods.of("wanda", new TreeMap<>(Map.of("pattern", recorded.pattern())));
        try (Compute compute = new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32)) {
            PruningInputs inputs = PruningInputs.on(compute, golden.calibration(), 0, () -> {});
            WeightMask mask =
                    (WeightMask) method.rank(golden.model(), inputs).mask(new BigDecimal(recorded.ratio()), inputs);

            for (PrunedMatrix pruned : mask.matrices()) {
                String name = recorded.name() + "." + shortName(pruned.matrix());
                assertThat(zeros(golden.model().matrix(pruned.matrix().name()), pruned.weight()))
                        .as(name)
                        .isEqualTo(golden.tensor(name + ".mask").toInts());
            }
            golden.requireLogits(mask.applyTo(golden.model()), recorded.name());
        }
    }

    /** What goes into each matrix behind layers that are pruned already. */
    @ParameterizedTest
    @MethodSource("cases")
    void inputsAreTheReferences(String modelName, Case recorded) {
        LanguagePruneGolden golden = LanguagePruneGolden.of(modelName);
        List<WeightMatrix> matrices = Targets.MIXER.in(golden.model().matrices());
        InputSquares squares = new InputSquares(matrices);
        try (Compute compute = new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32)) {
            PruningInputs inputs = PruningInputs.on(compute, golden.calibration(), 0, () -> {});
            new LayerWalk(golden.model(), inputs, LayerWalk.Propagation.PRUNED).run(new LayerWalk.Visitor() {
                @Override
                public Observer observer(int layer) {
                    return squares;
                }

                @Override
                public Map<String, HostArray> leave(int layer) {
                    Map<String, HostArray> pruned = new HashMap<>();
                    for (WeightMatrix matrix : matrices) {
                        if (matrix.layer() == layer) {
                            String name = recorded.name() + "." + shortName(matrix);
                            near(
                                    squares.meanSquares(matrix),
                                    golden.tensor(name + ".msq").toDoubles());
                            pruned.put(
                                    matrix.name(),
                                    masked(golden.model().matrix(matrix.name()), golden.tensor(name + ".mask")));
                        }
                    }
                    return pruned;
                }
            });
        }
    }

    private static void near(double[] actual, double[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int j = 0; j < actual.length; j++) {
            assertThat(actual[j]).isCloseTo(expected[j], withPercentage(1e-3));
        }
    }

    private static HostArray masked(HostArray weight, HostArray mask) {
        float[] values = weight.toFloats();
        int[] zero = mask.toInts();
        for (int i = 0; i < values.length; i++) {
            values[i] = zero[i] == 1 ? 0 : values[i];
        }
        return HostArray.ofFloats(values, weight.shape());
    }

    /** mamba2's backbone.layers.0.mixer.in_proj.weight is 0.in_proj in the recordings. */
    static String shortName(WeightMatrix matrix) {
        String[] parts = matrix.name().split("\\.");
        return matrix.layer() + "." + parts[parts.length - 2];
    }

    /** 1 where {@code after} is zero and {@code before} is not. */
    static int[] zeros(HostArray before, HostArray after) {
        float[] old = before.toFloats();
        float[] left = after.toFloats();
        int[] mask = new int[old.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = left[i] == 0 && old[i] != 0 ? 1 : 0;
        }
        return mask;
    }
}
