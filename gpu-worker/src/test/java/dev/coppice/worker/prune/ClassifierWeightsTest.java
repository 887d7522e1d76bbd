package dev.coppice.worker.prune;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.TestBackend;
import dev.coppice.worker.model.ClassifierCase;
import dev.coppice.worker.model.LayeredModel;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.weights.CheckpointException;
import dev.coppice.worker.weights.Fixtures;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods on weights, on the dense matrices of S5 and S4D, against plain loops. */
class ClassifierWeightsTest {

    private static Compute compute;

    @BeforeAll
    static void open() {
        compute = TestBackend.open(2);
    }

    @AfterAll
    static void close() {
        compute.close();
    }

    static List<String> cases() {
        return Stream.concat(Fixtures.S5.stream(), Fixtures.S4D.stream()).toList();
    }

    private static PruningInputs inputs(SequenceBatch batch) {
        return PruningInputs.on(compute, new Calibration(List.of(batch)), 0, () -> {});
    }

    private static PruningMethod method(String name, String... params) {
        TreeMap<String, String> all = new TreeMap<>(Map.of("targets", "all"));
        for (int i = 0; i < params.length; i += 2) {
            all.put(params[i], params[i + 1]);
        }
        return Methods.of(name, all);
    }

    /** What a walk layer by layer shows, and what the whole model shows. */
    @ParameterizedTest
    @MethodSource("cases")
    void inputsOfMatricesAreThoseOfPlainLoops(String name) {
        try (ClassifierCase golden = new ClassifierCase(name)) {
            LayeredModel model = (LayeredModel) golden.classifier();
            Map<String, double[][]> expected = PlainInputs.of(model, golden.batch(), compute);
            Map<String, double[]> walked = new HashMap<>();
            Observer recorder = (matrix, lane, tensor) -> {
                float[] values = lane.download(tensor);
                walked.put(matrix, squares(values, tensor.columns()));
            };
            new LayerWalk(model, inputs(golden.batch()), LayerWalk.Propagation.DENSE).run(new LayerWalk.Visitor() {
                @Override
                public Observer observer(int layer) {
                    return recorder;
                }

                @Override
                public Map<String, HostArray> leave(int layer) {
                    return Map.of();
                }
            });
            assertThat(walked.keySet())
                    .containsExactlyInAnyOrderElementsOf(
                            model.matrices().stream().map(WeightMatrix::name).toList());
            walked.forEach((matrix, sums) -> {
                double[] plain = squares(requireNonNull(expected.get(matrix)));
                assertThat(sums).as(matrix).hasSameSizeAs(plain);
                for (int j = 0; j < sums.length; j++) {
                    assertThat(sums[j])
                            .as("%s, input %d", matrix, j)
                            .isCloseTo(plain[j], within(1e-4 * plain[j] + 1e-9));
                }
            });
            assertThat(model.config().matrices()).isEqualTo(model.matrices());
        }
    }

    private static double[] squares(float[] values, int columns) {
        double[] sums = new double[columns];
        for (int i = 0; i < values.length; i++) {
            sums[i % columns] += (double) values[i] * values[i];
        }
        return sums;
    }

    private static double[] squares(double[][] rows) {
        double[] sums = new double[rows[0].length];
        for (double[] row : rows) {
            for (int j = 0; j < row.length; j++) {
                sums[j] += row[j] * row[j];
            }
        }
        return sums;
    }

    /** Sun et al. 2024, eq. 1, each row's half with the smallest scores, by sorting. */
    private static boolean[] plainWanda(HostArray weights, double[][] x) {
        double[] squares = squares(x);
        float[] w = weights.toFloats();
        boolean[] pruned = new boolean[w.length];
        int columns = squares.length;
        for (int from = 0; from < w.length; from += columns) {
            int row = from;
            IntStream.range(0, columns)
                    .boxed()
                    .sorted(Comparator.comparingDouble(j -> Math.abs(w[row + j]) * Math.sqrt(squares[j])))
                    .limit(columns / 2)
                    .forEach(j -> pruned[row + j] = true);
        }
        return pruned;
    }

    private static HostArray without(HostArray weights, boolean[] pruned) {
        float[] w = weights.toFloats();
        for (int i = 0; i < w.length; i++) {
            w[i] = pruned[i] ? 0 : w[i];
        }
        return HostArray.ofFloats(w, weights.shape());
    }

    /** The dense model is watched once; as published, each layer is watched on what comes out of the pruned ones before it. */
    @ParameterizedTest
    @MethodSource("cases")
    void wandaIsThePublishedFormulaOnPlainInputs(String name) {
        try (ClassifierCase golden = new ClassifierCase(name)) {
            LayeredModel whole = (LayeredModel) golden.classifier();
            SequenceBatch batch = golden.batch();
            PruningInputs inputs = inputs(batch);
            for (String propagate : List.of("dense", "pruned")) {
                LayeredModel expected = whole;
                for (int layer = 0; layer < whole.layers(); layer++) {
                    Map<String, double[][]> x =
                            PlainInputs.of(propagate.equals("dense") ? whole : expected, batch, compute);
                    Map<String, HostArray> pruned = new HashMap<>();
                    for (WeightMatrix matrix : whole.matrices()) {
                        if (matrix.layer() == layer) {
                            HostArray weights = whole.matrix(matrix.name());
                            boolean[] gone = plainWanda(weights, requireNonNull(x.get(matrix.name())));
                            pruned.put(matrix.name(), without(weights, gone));
                        }
                    }
                    expected = expected.replacing(pruned);
                }
                Mask mask = method("wanda", "propagate", propagate)
                        .rank(whole, inputs)
                        .mask(new BigDecimal("0.5"), inputs);
                LayeredModel actual = (LayeredModel) mask.applyTo(whole);
                long zeros = 0;
                for (WeightMatrix matrix : whole.matrices()) {
                    float[] values = actual.matrix(matrix.name()).toFloats();
                    assertThat(values)
                            .as("%s, %s", propagate, matrix.name())
                            .containsExactly(expected.matrix(matrix.name()).toFloats());
                    for (float value : values) {
                        zeros += value == 0 ? 1 : 0;
                    }
                }
                assertThat(mask.zeros()).isEqualTo(zeros);
                assertThat(mask.achievedRatio())
                        .isEqualTo(zeros
                                / (double) whole.matrices().stream()
                                        .mapToLong(WeightMatrix::weights)
                                        .sum());
            }
        }
    }

    /** What B, C and the gated unit give after SparseGPT is nearer to what they gave than after WANDA. */
    @ParameterizedTest
    @MethodSource("cases")
    void sparseGptKeepsOutputsNearerThanWanda(String name) {
        try (ClassifierCase golden = new ClassifierCase(name)) {
            LayeredModel whole = (LayeredModel) golden.classifier();
            PruningInputs inputs = inputs(golden.batch());
            Map<String, double[][]> x = PlainInputs.of(whole, golden.batch(), compute);
            double[] errors = new double[2];
            for (int m = 0; m < 2; m++) {
                Mask mask = method(m == 0 ? "sparsegpt" : "wanda", "propagate", "dense")
                        .rank(whole, inputs)
                        .mask(new BigDecimal("0.5"), inputs);
                LayeredModel pruned = (LayeredModel) mask.applyTo(whole);
                for (WeightMatrix matrix : whole.matrices()) {
                    errors[m] += relativeError(
                            whole.matrix(matrix.name()).toFloats(),
                            pruned.matrix(matrix.name()).toFloats(),
                            requireNonNull(x.get(matrix.name())));
                }
            }
            assertThat(errors[0]).isLessThan(errors[1]);
        }
    }

    /** |X W' - X W_pruned'|^2 / |X W'|^2. */
    private static double relativeError(float[] weights, float[] pruned, double[][] x) {
        double error = 0;
        double all = 0;
        for (double[] row : x) {
            for (int from = 0; from < weights.length; from += row.length) {
                double before = 0;
                double after = 0;
                for (int j = 0; j < row.length; j++) {
                    before += row[j] * weights[from + j];
                    after += row[j] * pruned[from + j];
                }
                error += (before - after) * (before - after);
                all += before * before;
            }
        }
        return error / all;
    }

    /** B and C are what the model computes with: y = factor (C x) + D u, with the states that C is shown. */
    @Test
    void matricesAreTheModelsOwn() {
        for (String name : cases()) {
            try (ClassifierCase golden = new ClassifierCase(name)) {
                LayeredModel model = (LayeredModel) golden.classifier();
                Map<String, HostArray> same = new HashMap<>();
                Map<String, HostArray> none = new HashMap<>();
                for (WeightMatrix matrix : model.matrices()) {
                    HostArray weights = model.matrix(matrix.name());
                    assertThat(weights.shape()).containsExactly(matrix.outputs(), matrix.inputs());
                    same.put(matrix.name(), weights);
                    none.put(matrix.name(), HostArray.ofFloats(new float[(int) matrix.weights()], weights.shape()));
                }
                float[] before = logits(model, golden.batch());
                assertThat(logits(model.replacing(same), golden.batch())).containsExactly(before);
                List<String> names = new ArrayList<>(none.keySet());
                for (String one : names) {
                    LayeredModel without = model.replacing(Map.of(one, requireNonNull(none.get(one))));
                    assertThat(without.matrix(one).toFloats()).containsOnly(0);
                    assertThat(logits(without, golden.batch())).as(one).isNotEqualTo(before);
                    names.stream()
                            .filter(other -> !other.equals(one))
                            .forEach(other -> assertThat(without.matrix(other).toFloats())
                                    .as(other)
                                    .containsExactly(model.matrix(other).toFloats()));
                }
            }
        }
    }

    private static float[] logits(LayeredModel model, SequenceBatch batch) {
        return ClassifierCase.output(compute, model, batch, "logits", Observer.NONE);
    }

    @Test
    void whatCannotBePrunedIsRefused() {
        try (ClassifierCase s4d = new ClassifierCase("s4d_full_bi_zoh");
                ClassifierCase s5 = new ClassifierCase("s5_bi_zoh_halfglu2")) {
            assertThat(Methods.of("wanda").refusal(s4d.classifier().config()))
                    .isEqualTo(
                            "wanda does not prune s4d models: none of their matrices is among targets = mixer, some are"
                                    + " among targets = mixer-mlp and all");
            assertThat(method("sparsegpt", "pattern", "4:8")
                            .refusal(s5.classifier().config()))
                    .isEqualTo(
                            "sparsegpt with pattern 4:8: params/encoder/layers_0/seq/B has 14 inputs, which 8 does not"
                                    + " divide");
            LayeredModel model = (LayeredModel) s5.classifier();
            assertThatThrownBy(() -> model.matrix("params/encoder/encoder/kernel"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage("there is no matrix params/encoder/encoder/kernel");
            assertThatThrownBy(() -> model.replacing(
                            Map.of("params/encoder/layers_0/seq/B", HostArray.ofFloats(new float[4], 2, 2))))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage("params/encoder/layers_0/seq/B has shape [2, 2] where [20, 14] is expected");
        }
    }
}
