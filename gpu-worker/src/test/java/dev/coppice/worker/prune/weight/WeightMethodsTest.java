package dev.coppice.worker.prune.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.SplitMix64;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.prune.LanguagePruneGolden;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningInputs;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Choices of weights against plain loops over sorted lists. */
class WeightMethodsTest {

    private static final String[] RATIOS = {"0.001", "0.1", "0.25", "0.5", "0.77", "0.9", "0.999"};

    private static Compute compute;

    @BeforeAll
    static void open() {
        compute = new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32);
    }

    @AfterAll
    static void close() {
        compute.close();
    }

    /** Some matrices whose weights are random, many of them equal. */
    private static List<Scored> matrices(long seed) {
        Random random = new Random(seed);
        List<Scored> matrices = new ArrayList<>();
        int[][] shapes = {{700, 401}, {3, 5}, {1, 1}, {64, 512}};
        for (int m = 0; m < shapes.length; m++) {
            float[] values = new float[shapes[m][0] * shapes[m][1]];
            for (int i = 0; i < values.length; i++) {
                double value = random.nextGaussian() * (m + 1);
                values[i] = (float) (random.nextBoolean() ? value : Math.rint(8 * value) / 8);
            }
            WeightMatrix matrix = new WeightMatrix("m" + m, m / 2, MatrixRole.MIXER_IN, shapes[m][0], shapes[m][1]);
            matrices.add(Scored.of(
                    matrix,
                    HostArray.ofFloats(values, shapes[m]),
                    WeightScore.MAGNITUDE.of(matrix, m, new double[0], 0)));
        }
        return matrices;
    }

    /** A weight of a plain list, in the order of matrices, rows and columns. */
    private record Weight(int matrix, int index, double score) {}

    private static List<Weight> list(List<Scored> matrices, int from, int to) {
        List<Weight> weights = new ArrayList<>();
        for (int m = from; m < to; m++) {
            float[] values = matrices.get(m).weight().toFloats();
            for (int i = 0; i < values.length; i++) {
                weights.add(new Weight(m, i, Math.abs(values[i])));
            }
        }
        return weights;
    }

    private static void prune(List<Weight> weights, BigDecimal ratio, boolean[][] pruned) {
        List<Weight> sorted = new ArrayList<>(weights);
        sorted.sort(Comparator.comparingDouble(Weight::score)); // stable
        int count = ratio.multiply(BigDecimal.valueOf(weights.size())).intValue();
        sorted.subList(0, count).forEach(weight -> pruned[weight.matrix()][weight.index()] = true);
    }

    private static boolean[][] nothing(List<Scored> matrices) {
        return matrices.stream()
                .map(scored -> new boolean[(int) scored.matrix().weights()])
                .toArray(boolean[][]::new);
    }

    private static void compare(String what, List<Scored> matrices, List<PrunedMatrix> actual, boolean[][] expected) {
        for (int m = 0; m < expected.length; m++) {
            float[] before = matrices.get(m).weight().toFloats();
            float[] after = actual.get(m).weight().toFloats();
            int count = 0;
            for (int i = 0; i < before.length; i++) {
                assertThat(after[i]).as("%s: %d of matrix %d", what, i, m).isEqualTo(expected[m][i] ? 0 : before[i]);
                count += expected[m][i] ? 1 : 0;
            }
            assertThat(actual.get(m).pruned()).as(what).isEqualTo(count);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void smallestOfRowsMatricesLayersAndAll(long seed) {
        List<Scored> matrices = matrices(seed);
        for (String text : RATIOS) {
            BigDecimal ratio = new BigDecimal(text);
            boolean[][] rows = nothing(matrices);
            boolean[][] single = nothing(matrices);
            for (int m = 0; m < matrices.size(); m++) {
                List<Weight> all = list(matrices, m, m + 1);
                prune(all, ratio, single);
                int columns = matrices.get(m).matrix().inputs();
                for (int from = 0; from < all.size(); from += columns) {
                    prune(all.subList(from, from + columns), ratio, rows);
                }
            }
            boolean[][] layers = nothing(matrices);
            prune(list(matrices, 0, 2), ratio, layers);
            prune(list(matrices, 2, 4), ratio, layers);
            boolean[][] global = nothing(matrices);
            prune(list(matrices, 0, 4), ratio, global);
            compare("row " + text, matrices, WeightAllocation.ROW.prune(compute, matrices, ratio), rows);
            compare("matrix " + text, matrices, WeightAllocation.MATRIX.prune(compute, matrices, ratio), single);
            compare("layer " + text, matrices, WeightAllocation.LAYER.prune(compute, matrices, ratio), layers);
            compare("global " + text, matrices, WeightAllocation.GLOBAL.prune(compute, matrices, ratio), global);
        }
    }

    /** Lee et al. 2021, eq. 4, over the sorted weights of each matrix; equal ones are in each other's sums. */
    @ParameterizedTest
    @ValueSource(longs = {3, 4})
    void lamp(long seed) {
        List<Scored> matrices = matrices(seed);
        List<Weight> scored = new ArrayList<>();
        for (int m = 0; m < matrices.size(); m++) {
            List<Weight> weights = list(matrices, m, m + 1);
            double[] sorted =
                    weights.stream().mapToDouble(Weight::score).sorted().toArray();
            double[] sums = new double[sorted.length];
            double sum = 0;
            for (int i = sorted.length - 1; i >= 0; i--) {
                sum += sorted[i] * sorted[i];
                sums[i] = sum;
            }
            for (Weight weight : weights) {
                int first = Arrays.binarySearch(sorted, weight.score());
                while (first > 0 && sorted[first - 1] == sorted[first]) {
                    first--;
                }
                double a = weight.score();
                scored.add(new Weight(m, weight.index(), a == 0 ? 0 : a * a / sums[first]));
            }
        }
        for (String text : RATIOS) {
            BigDecimal ratio = new BigDecimal(text);
            boolean[][] expected = nothing(matrices);
            prune(scored, ratio, expected);
            compare("lamp " + text, matrices, WeightAllocation.LAMP.prune(compute, matrices, ratio), expected);
        }
    }

    /** The authors' loop, over whole sorted rows. */
    @Test
    void alphaSearchWithSeed5() {
        List<Scored> matrices = matrices(5).subList(0, 2);
        for (String text : List.of("0.3", "0.5", "0.7")) {
            boolean[][] expected = nothing(matrices);
            for (int m = 0; m < matrices.size(); m++) {
                double wanted = Double.parseDouble(text);
                double[] bounds = {0, 0.8};
                double alpha = 0.4;
                expected[m] = atAlpha(matrices.get(m), alpha);
                double lost = fraction(expected[m]);
                while (Math.abs(lost - wanted) > 0.001 && bounds[1] - bounds[0] >= 0.001) {
                    boolean tooMany = lost > wanted;
                    bounds[tooMany ? 1 : 0] = alpha;
                    alpha = (alpha + bounds[tooMany ? 0 : 1]) / 2;
                    expected[m] = atAlpha(matrices.get(m), alpha);
                    lost = fraction(expected[m]);
                }
            }
            compare(
                    "alpha " + text,
                    matrices,
                    WeightAllocation.ALPHA_SEARCH.prune(compute, matrices, new BigDecimal(text)),
                    expected);
        }
    }

    private static boolean[] atAlpha(Scored scored, double alpha) {
        float[] values = scored.weight().toFloats();
        int columns = scored.matrix().inputs();
        boolean[] pruned = new boolean[values.length];
        for (int from = 0; from < values.length; from += columns) {
            double[] row = new double[columns];
            for (int j = 0; j < columns; j++) {
                row[j] = Math.abs(values[from + j]);
            }
            double[] sorted = row.clone();
            Arrays.sort(sorted);
            double all = Arrays.stream(sorted).sum();
            double sum = 0;
            double threshold = -1;
            for (double score : sorted) {
                sum += score;
                threshold = sum <= alpha * all ? score : threshold;
            }
            for (int j = 0; j < columns; j++) {
                pruned[from + j] = row[j] <= threshold;
            }
        }
        return pruned;
    }

    private static double fraction(boolean[] pruned) {
        int count = 0;
        for (boolean one : pruned) {
            count += one ? 1 : 0;
        }
        return count / (double) pruned.length;
    }

    @Test
    void randomIsTheSeeds() {
        WeightMatrix matrix = new WeightMatrix("m", 0, MatrixRole.MIXER_IN, 4, 3);
        float[] scores =
                WeightScore.RANDOM.of(matrix, 2, new double[0], 9).of(1, HostArray.ofFloats(new float[6], 2, 3));
        for (int i = 0; i < 6; i++) {
            assertThat(scores[i]).isEqualTo((float) SplitMix64.uniform(9, (2L << 40) + 3 + i));
        }
    }

    @Test
    void damagedWeightsAreFound() {
        WeightMatrix matrix = new WeightMatrix("layer.weight", 0, MatrixRole.MIXER_IN, 2, 2);
        MatrixScores scores = WeightScore.MAGNITUDE.of(matrix, 0, new double[0], 0);
        assertThatThrownBy(() -> scores.of(0, HostArray.ofFloats(new float[] {1, 2, Float.NaN, 4}, 2, 2)))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith("weight (1, 0) of layer.weight: its score is NaN");
    }

    /** Whatever is scored, a model that loses more has lost what one that loses less has; 16-bit weights stay what they are. */
    @Test
    void higherRatiosPruneMore() {
        LanguagePruneGolden golden = LanguagePruneGolden.of("smol2-mamba");
        PruningInputs inputs = PruningInputs.on(compute, golden.calibration(), 7, () -> {});
        for (String name : List.of("weight-magnitude", "weight-lamp", "weight-random")) {
            var ranking = Methods.of(name, new TreeMap<>(Map.of("targets", "mixer-mlp")))
                    .rank(golden.model(), inputs);
            WeightMask less = (WeightMask) ranking.mask(new BigDecimal("0.3"), inputs);
            WeightMask more = (WeightMask) ranking.mask(new BigDecimal("0.6"), inputs);
            assertThat(less.achievedRatio()).isBetween(0.299, 0.3);
            for (int m = 0; m < less.matrices().size(); m++) {
                HostArray kept = less.matrices().get(m).weight();
                assertThat(kept.dtype())
                        .isEqualTo(golden.model()
                                .matrix(less.matrices().get(m).matrix().name())
                                .dtype());
                float[] a = kept.toFloats();
                float[] b = more.matrices().get(m).weight().toFloats();
                for (int i = 0; i < a.length; i++) {
                    assertThat(b[i]).isIn(a[i], 0f);
                }
            }
        }
    }

    @Test
    void whatCannotBePrunedIsRefused() {
        LanguagePruneGolden golden = LanguagePruneGolden.of("mamba2-original");
        var four = Methods.of("wanda", new TreeMap<>(Map.of("pattern", "4:8")));
        assertThat(four.refusal(golden.model().config())).isNull();
        assertThat(four.refusal(new BigDecimal("0.3")))
                .isEqualTo("wanda with pattern 4:8 prunes 4 of 8: its only ratio is 0.5");
        assertThat(new Pattern(2, 5).toString()).isEqualTo("2:5");
        assertThat(Targets.MIXER.refusal(
                        "wanda", new Pattern(2, 5), golden.model().config()))
                .isEqualTo(
                        "wanda with pattern 2:5: backbone.layers.0.mixer.in_proj.weight has 32 inputs, which 5 does not"
                                + " divide");
        assertThatThrownBy(() ->
                        Methods.of("wanda", new TreeMap<>(Map.of("pattern", "2:4", "allocation", "alpha-search"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("remove one of them");
    }
}
