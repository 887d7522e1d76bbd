package dev.coppice.worker.compute.cpu;

import static dev.coppice.worker.compute.cpu.Near.assertNear;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Gelu;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.TestBackend;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each operation against plain loops, over sizes that do not fill a vector; inputs from seed 7. */
class CpuComputeTest {

    private static final int SEED = 7;

    private final Random random = new Random(SEED);
    private Compute compute;
    private Scope scope;

    @BeforeEach
    void open() {
        compute = TestBackend.open(2);
        scope = compute.scope();
    }

    @AfterEach
    void close() {
        scope.close();
        compute.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 15, 16, 17, 33, 100})
    void linearMatchesPlainLoops(int size) {
        for (int rows : new int[] {1, 5, 64}) {
            int out = size + 2;
            float[] x = PlainOps.random(random, rows * size);
            float[] weight = PlainOps.random(random, out * size);
            float[] bias = PlainOps.random(random, out);
            Tensor w = compute.tensor(weight, out, size);
            double[] expected = PlainOps.linear(x, rows, size, weight, out, bias);
            Tensor flat = compute.linear(compute.tensor(x, rows, size), w, compute.tensor(bias, out));
            assertNear(compute.download(flat), expected, 1e-6 * size);
            Tensor timed = compute.linear(compute.tensor(x, 1, rows, size), w, null);
            assertThat(timed.shape()).containsExactly(1, rows, out);
            assertNear(compute.download(timed), PlainOps.linear(x, rows, size, weight, out, null), 1e-6 * size);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 33})
    void embeddingTakesRows(int channels) {
        float[] table = PlainOps.random(random, 5 * channels);
        Tensor out = compute.embedding(new int[] {4, 0, 2, 2}, 2, compute.tensor(table, 5, channels));
        assertThat(out.shape()).containsExactly(2, 2, channels);
        float[] rows = compute.download(out);
        assertThat(Arrays.copyOf(rows, channels)).isEqualTo(Arrays.copyOfRange(table, 4 * channels, 5 * channels));
        assertThat(Arrays.copyOfRange(rows, 3 * channels, 4 * channels))
                .isEqualTo(Arrays.copyOfRange(table, 2 * channels, 3 * channels));
    }

    @Test
    void embeddingRefusesIdsOutsideTheVocabulary() {
        Tensor table = compute.tensor(new float[10], 5, 2);
        assertThatThrownBy(() -> compute.embedding(new int[] {0, 5}, 1, table))
                .hasMessage("token id 5 at position 1 is outside the vocabulary of 5");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 15, 16, 17, 33, 100})
    void normsMatchPlainLoops(int channels) {
        int rows = 9;
        float[] x = PlainOps.random(random, rows * channels);
        float[] scale = PlainOps.random(random, channels);
        float[] shift = PlainOps.random(random, channels);
        Tensor tensor = compute.tensor(x, rows, channels);
        Tensor scales = compute.tensor(scale, channels);
        Tensor shifts = compute.tensor(shift, channels);
        double[] affine = new double[x.length];
        double[] layer = new double[x.length];
        for (int r = 0; r < rows; r++) {
            double mean = 0;
            double variance = 0;
            for (int h = 0; h < channels; h++) {
                mean += x[r * channels + h] / (double) channels;
            }
            for (int h = 0; h < channels; h++) {
                variance += Math.pow(x[r * channels + h] - mean, 2) / channels;
            }
            for (int h = 0; h < channels; h++) {
                int i = r * channels + h;
                affine[i] = x[i] * scale[h] + shift[h];
                layer[i] = (x[i] - mean) / Math.sqrt(variance + 1e-5) * scale[h] + shift[h];
            }
        }
        assertNear(compute.download(compute.channelAffine(tensor, scales, shifts)), affine, 1e-6);
        assertNear(compute.download(compute.layerNorm(tensor, scales, shifts, 1e-5)), layer, 2e-6);
        double[] sum = new double[channels];
        for (int i = 0; i < x.length; i++) {
            sum[i % channels] += x[i];
        }
        assertThat(compute.moments(tensor).sum()).containsExactly(sum);
        assertThat(compute.moments(tensor).rows()).isEqualTo(rows);
    }

    @ParameterizedTest
    @EnumSource(Gelu.class)
    void geluMatchesItsDefinition(Gelu form) {
        float[] x = new float[2001];
        double[] expected = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - 1000) * 0.012f;
            expected[i] = PlainOps.gelu(x[i], form);
        }
        assertNear(compute.download(compute.gelu(compute.tensor(x, x.length, 1), form)), expected, 1e-7);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 15, 16, 17, 33, 100})
    void gatesMatchPlainLoops(int channels) {
        int rows = 6;
        float[] value = PlainOps.random(random, rows * channels);
        float[] gate = PlainOps.random(random, rows * channels);
        float[] residual = PlainOps.random(random, rows * channels);
        float[] both = new float[2 * rows * channels];
        double[] gated = new double[value.length];
        double[] added = new double[value.length];
        double[] sums = new double[value.length];
        for (int i = 0; i < value.length; i++) {
            gated[i] = value[i] * PlainOps.sigmoid(gate[i]);
            added[i] = gated[i] + residual[i];
            sums[i] = (double) value[i] + residual[i];
            both[2 * (i / channels) * channels + i % channels] = value[i];
            both[(2 * (i / channels) + 1) * channels + i % channels] = gate[i];
        }
        Tensor v = compute.tensor(value, rows, channels);
        Tensor g = compute.tensor(gate, rows, channels);
        Tensor r = compute.tensor(residual, rows, channels);
        assertNear(compute.download(compute.gate(v, g, null)), gated, 1e-6);
        assertNear(compute.download(compute.gate(v, g, r)), added, 1e-6);
        assertNear(compute.download(compute.add(v, r)), sums, 1e-6);
        assertNear(compute.download(compute.glu(compute.tensor(both, rows, 2 * channels))), gated, 1e-6);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 33})
    void poolingMatchesPlainLoops(int channels) {
        int steps = 5;
        int[] lengths = {5, 1, 3};
        float[] x = PlainOps.random(random, 3 * steps * channels);
        double[] mean = new double[3 * channels];
        double[] last = new double[3 * channels];
        double[] masked = new double[x.length];
        for (int b = 0; b < 3; b++) {
            for (int t = 0; t < steps; t++) {
                for (int h = 0; h < channels; h++) {
                    int i = (b * steps + t) * channels + h;
                    masked[i] = t < lengths[b] ? x[i] : 0;
                    mean[b * channels + h] += masked[i] / lengths[b];
                    last[b * channels + h] = x[i];
                }
            }
        }
        Tensor tensor = compute.tensor(x, 3, steps, channels);
        assertNear(compute.download(compute.meanPool(tensor, lengths)), mean, 1e-6);
        assertNear(compute.download(compute.lastStep(tensor)), last, 0);
        assertNear(compute.download(compute.maskSteps(tensor, lengths)), masked, 0);
        assertThatThrownBy(() -> compute.meanPool(tensor, new int[] {1, 2, 6}))
                .hasMessage("sequence 2 has length 6 where there are 5 steps");
    }

    @Test
    void logSoftmaxIsStableForLargeLogits() {
        float[] rows =
                compute.download(compute.logSoftmax(compute.tensor(new float[] {1000, 1000, -1000, 0, 1, 2}, 2, 3)));
        assertThat(rows[0]).isEqualTo((float) -Math.log(2));
        assertThat(rows[2]).isEqualTo((float) (-2000 - Math.log(2)));
        assertThat(rows[5]).isCloseTo(-0.40760596f, org.assertj.core.data.Offset.offset(1e-6f));
    }

    @Test
    void wrongShapesAreRefused() {
        Tensor x = compute.tensor(new float[6], 2, 3);
        Tensor w = compute.tensor(new float[8], 2, 4);
        assertThatThrownBy(() -> compute.linear(x, w, null)).hasMessage("weight has shape [2, 4], expected [2, 3]");
        assertThatThrownBy(() -> compute.tensor(new float[5], 2, 3)).hasMessage("values has shape [5], expected [6]");
    }
}
