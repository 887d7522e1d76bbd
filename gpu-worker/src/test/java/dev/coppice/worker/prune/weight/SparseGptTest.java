package dev.coppice.worker.prune.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.prune.LanguagePruneGolden;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningInputs;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SparseGPT against its published algorithm in plain loops over float64, with H inverted as it stands. */
class SparseGptTest {

    private static final int OUTPUTS = 40;
    private static final int INPUTS = 200;
    private static final int ROWS = 500;

    private static Compute compute;

    @BeforeAll
    static void open() {
        compute = new CpuBackend().open(CpuBackend.NAME, 2, Precision.FLOAT32);
    }

    @AfterAll
    static void close() {
        compute.close();
    }

    /** X'X of correlated inputs, of which the third is always zero. */
    private static double[] products(Random random) {
        double[] sums = new double[INPUTS * INPUTS];
        for (int row = 0; row < ROWS; row++) {
            double[] x = new double[INPUTS];
            for (int j = 0; j < INPUTS; j++) {
                x[j] = j == 3 ? 0 : random.nextGaussian() * (1 + j % 7) + (j > 0 ? 0.7 * x[j - 1] : 0);
            }
            for (int i = 0; i < INPUTS; i++) {
                for (int j = 0; j < INPUTS; j++) {
                    sums[i * INPUTS + j] += x[i] * x[j];
                }
            }
        }
        return sums;
    }

    private static float[] weights(Random random) {
        float[] w = new float[OUTPUTS * INPUTS];
        for (int i = 0; i < w.length; i++) {
            w[i] = (float) random.nextGaussian();
        }
        return w;
    }

    @ParameterizedTest
    @CsvSource({"1, 0.5, none", "2, 0.3, none", "3, 0.9, none", "4, 0.5, 2:4", "5, 0.5, 4:8"})
    void weightsAreThoseOfThePublishedAlgorithm(long seed, String ratioText, String patternText) {
        Random random = new Random(seed);
        double[] products = products(random);
        float[] w = weights(random);
        BigDecimal ratio = new BigDecimal(ratioText);
        Pattern pattern = Pattern.of(patternText);
        WeightMatrix matrix = new WeightMatrix("w", 0, MatrixRole.MIXER_IN, OUTPUTS, INPUTS);

        PrunedMatrix actual = new BrainSurgeon(compute, matrix, products.clone(), ROWS)
                .prune(HostArray.ofFloats(w, OUTPUTS, INPUTS), ratio, pattern);

        double[][] expected = plain(w, products, ratio.doubleValue(), pattern);
        float[] values = actual.weight().toFloats();
        for (int i = 0; i < values.length; i++) {
            assertThat((double) values[i])
                    .as("weight %d of row %d", i % INPUTS, i / INPUTS)
                    .isCloseTo(expected[i / INPUTS][i % INPUTS], within(1e-3));
        }
        long zeros = 0;
        for (double[] row : expected) {
            for (int j = 0; j < INPUTS; j++) {
                zeros += row[j] == 0 && j != 3 ? 1 : 0;
            }
        }
        assertThat(actual.pruned()).isBetween(zeros, zeros + OUTPUTS); // the dead input may be among the pruned ones
    }

    private static double[][] plain(float[] weights, double[] products, double ratio, @Nullable Pattern pattern) {
        double[][] h = new double[INPUTS][INPUTS];
        double[][] w = new double[OUTPUTS][INPUTS];
        double trace = 0;
        for (int i = 0; i < INPUTS; i++) {
            for (int j = 0; j < INPUTS; j++) {
                h[i][j] = 2 * products[i * INPUTS + j] / ROWS;
            }
            h[i][i] = h[i][i] == 0 ? 1 : h[i][i];
            trace += h[i][i];
        }
        for (int i = 0; i < INPUTS; i++) {
            h[i][i] += 0.01 * trace / INPUTS;
        }
        for (int r = 0; r < OUTPUTS; r++) {
            for (int j = 0; j < INPUTS; j++) {
                w[r][j] = j == 3 ? 0 : weights[r * INPUTS + j];
            }
        }
        double[][] u = upperFactor(inverted(h));
        boolean[][] pruned = new boolean[OUTPUTS][INPUTS];
        for (int j = 0; j < INPUTS; j++) {
            if (pattern == null && j % 128 == 0) {
                int end = Math.min(INPUTS, j + 128);
                List<int[]> block = new ArrayList<>();
                for (int r = 0; r < OUTPUTS; r++) {
                    for (int k = j; k < end; k++) {
                        block.add(new int[] {r, k});
                    }
                }
                block.sort(Comparator.comparingDouble(at -> square(w[at[0]][at[1]] / u[at[1]][at[1]])));
                block.subList(0, (int) (block.size() * ratio)).forEach(at -> pruned[at[0]][at[1]] = true);
            }
            for (int r = 0; r < OUTPUTS; r++) {
                double[] row = w[r];
                if (pattern != null && j % pattern.group() == 0) {
                    List<Integer> group = new ArrayList<>();
                    for (int k = j; k < j + pattern.group(); k++) {
                        group.add(k);
                    }
                    group.sort(Comparator.comparingDouble(k -> square(row[k] / u[k][k])));
                    for (int k : group.subList(0, pattern.pruned())) {
                        pruned[r][k] = true;
                    }
                }
                if (pruned[r][j]) {
                    double error = row[j] / u[j][j];
                    for (int k = j; k < INPUTS; k++) {
                        row[k] -= error * u[j][k];
                    }
                    row[j] = 0;
                }
            }
        }
        return w;
    }

    private static double square(double a) {
        return a * a;
    }

    /** Gauss and Jordan. */
    private static double[][] inverted(double[][] matrix) {
        int n = matrix.length;
        double[][] a = new double[n][2 * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(matrix[i], 0, a[i], 0, n);
            a[i][n + i] = 1;
        }
        for (int k = 0; k < n; k++) {
            double pivot = a[k][k];
            for (int j = 0; j < 2 * n; j++) {
                a[k][j] /= pivot;
            }
            for (int i = 0; i < n; i++) {
                double factor = a[i][k];
                for (int j = 0; i != k && j < 2 * n; j++) {
                    a[i][j] -= factor * a[k][j];
                }
            }
        }
        double[][] inverse = new double[n][n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(a[i], n, inverse[i], 0, n);
        }
        return inverse;
    }

    /** U'U = a. */
    private static double[][] upperFactor(double[][] a) {
        int n = a.length;
        double[][] u = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++) {
                double sum = a[i][j];
                for (int k = 0; k < i; k++) {
                    sum -= u[k][i] * u[k][j];
                }
                u[i][j] = j == i ? Math.sqrt(sum) : sum / u[i][i];
            }
        }
        return u;
    }

    /** What a layer gives after SparseGPT is nearer to what it gave than after WANDA, whose weights stay as they are. */
    @Test
    void updatesKeepOutputsNearer() {
        for (String name : LanguagePruneGolden.MODELS) {
            LanguagePruneGolden golden = LanguagePruneGolden.of(name);
            PruningInputs inputs = PruningInputs.on(compute, golden.calibration(), 0, () -> {});
            Map<String, String> params = Map.of("propagate", "dense");
            double[] errors = new double[2];
            float[] whole = golden.logits(golden.model());
            for (int m = 0; m < 2; m++) {
                Mask mask = Methods.of(m == 0 ? "sparsegpt" : "wanda", new TreeMap<>(params))
                        .rank(golden.model(), inputs)
                        .mask(new BigDecimal("0.5"), inputs);
                float[] logits = golden.logits((LanguageModel) mask.applyTo(golden.model()));
                for (int i = 0; i < logits.length; i++) {
                    errors[m] += square(logits[i] - whole[i]);
                }
                assertThat(mask.achievedRatio()).isEqualTo(0.5);
            }
            assertThat(errors[0]).as(name).isLessThan(errors[1]);
        }
    }

    @Test
    void momentsThatAreNoneAreAnError() {
        double[] broken = {1, 2, 2, 1};
        assertThatThrownBy(() -> InverseFactor.of(broken, 2, "w", compute))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("inputs of w");
    }
}
