package dev.coppice.worker.compute.cpu;

import static dev.coppice.worker.compute.cpu.Near.assertNear;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Matrix;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.TestBackend;
import dev.coppice.worker.compute.TokenScores;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights in their stored type, norms, gates and token scores against plain loops; inputs from seed 29. */
class RowOpsTest {

    private static final int SEED = 29;

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

    private static HostArray stored(DType dtype, float[] values, int... shape) {
        if (dtype == DType.FLOAT32) {
            return HostArray.ofFloats(values, shape);
        }
        ByteBuffer bytes = ByteBuffer.allocateDirect(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            int bits = Float.floatToRawIntBits(value);
            int half = (bits >>> 16 & 0x8000) | (bits >>> 13) - (112 << 10) & 0x7fff; // for what float16 can hold
            bytes.putShort((short) (dtype == DType.BFLOAT16 ? bits >>> 16 : half));
        }
        return new HostArray(dtype, shape, bytes.flip());
    }

    @ParameterizedTest(name = "seed 29: {0}")
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "FLOAT16", "BFLOAT16"})
    void linearAndEmbeddingWidenExactly(DType dtype) {
        for (int inputs : new int[] {1, 3, 16, 33, 100}) {
            for (int rows : new int[] {1, 5, 600}) {
                int outputs = 2 * inputs + 1;
                HostArray weight = stored(dtype, PlainOps.random(random, outputs * inputs), outputs, inputs);
                float[] x = PlainOps.random(random, rows * inputs);
                float[] bias = PlainOps.random(random, outputs);
                Matrix matrix = compute.language().matrix(weight);
                Tensor y = compute.language()
                        .linear(compute.tensor(x, rows, inputs), matrix, compute.tensor(bias, outputs));
                double[] expected = PlainOps.linear(x, rows, inputs, weight.toFloats(), outputs, bias);
                assertNear(compute.download(y), expected, 1e-6 * Math.max(4, inputs));
                Tensor without = compute.language().linear(compute.tensor(x, rows, inputs), matrix, null);
                assertNear(
                        compute.download(without),
                        PlainOps.linear(x, rows, inputs, weight.toFloats(), outputs, null),
                        1e-6 * Math.max(4, inputs));
                float[] last = compute.download(compute.language().embedding(new int[] {0, outputs - 1}, matrix));
                for (int i = 0; i < inputs; i++) {
                    assertThat(last[inputs + i]).isEqualTo(weight.toFloats()[(outputs - 1) * inputs + i]);
                }
            }
        }
    }

    @ParameterizedTest(name = "seed 29: {0}")
    @EnumSource(
            value = DType.class,
            names = {"FLOAT16", "BFLOAT16"})
    void everySixteenBitNumberIsWidenedExactly(DType dtype) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int bits = 0; bits < 1 << 16; bits++) {
            bytes.putShort((short) bits);
        }
        HostArray all = new HostArray(dtype, new int[] {1, 1 << 16}, bytes.flip());
        float[] widened = compute.download(
                compute.language().embedding(new int[] {0}, compute.language().matrix(all)));
        assertThat(widened).isEqualTo(all.toFloats());
    }

    @ParameterizedTest(name = "seed 29: {0} channels")
    @ValueSource(ints = {4, 12, 20, 64, 132})
    void normsAndGatesMatchPlainLoops(int channels) {
        int rows = 70;
        float[] wide = PlainOps.random(random, rows * (2 * channels + 3));
        float[] scale = PlainOps.random(random, channels);
        float[] bias = PlainOps.random(random, channels);
        Tensor tensor = compute.tensor(wide, rows, 2 * channels + 3);
        Columns x = new Columns(tensor, 1, channels);
        Columns gate = new Columns(tensor, channels + 2, channels);
        double[] plain = new double[rows * channels];
        double[] gated = new double[rows * channels];
        double[] biased = new double[rows * channels];
        float[] dense = new float[rows * channels];
        for (int i = 0; i < plain.length; i++) {
            int at = i / channels * (2 * channels + 3) + i % channels;
            dense[i] = wide[at + 1];
            plain[i] = wide[at + 1];
            gated[i] = plain[i] * PlainLanguage.silu(wide[at + channels + 2]);
            biased[i] = plain[i] * PlainLanguage.silu(wide[at + channels + 2] + bias[i % channels]);
        }
        Tensor scales = compute.tensor(scale, channels);
        assertNear(
                compute.download(compute.language().rmsNorm(compute.tensor(dense, rows, channels), scales, 1e-5)),
                PlainLanguage.rmsNorm(plain, rows, scale, 1, 1e-5),
                1e-6);
        for (int groups : new int[] {1, 4}) {
            assertNear(
                    compute.download(compute.language().gatedRmsNorm(x, gate, scales, groups, 1e-5)),
                    PlainLanguage.rmsNorm(gated, rows, scale, groups, 1e-5),
                    2e-6);
        }
        assertNear(compute.download(compute.language().siluGate(x, gate, null)), gated, 1e-6);
        assertNear(compute.download(compute.language().swiGlu(gate, x)), gated, 1e-6);
        assertNear(
                compute.download(compute.language().siluGate(x, gate, compute.tensor(bias, channels))), biased, 1e-6);
    }

    @ParameterizedTest(name = "seed 29: {0}")
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "BFLOAT16"})
    void scoresMatchTheSoftmaxOfAllLogits(DType dtype) {
        int vocabulary = 30_011;
        int width = 40;
        HostArray head = stored(dtype, PlainOps.random(random, vocabulary * width), vocabulary, width);
        float[] bias = PlainOps.random(random, vocabulary);
        float[] hidden = PlainOps.random(random, 7 * width);
        int[] rows = {6, 0, 3, 3, 1};
        int[] targets = {0, vocabulary - 1, 17, 25_000, 1};
        double[] logits = PlainOps.linear(hidden, 7, width, head.toFloats(), vocabulary, bias);
        double[] expected = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            double sum = 0;
            int best = 0;
            for (int v = 0; v < vocabulary; v++) {
                sum += Math.exp(logits[rows[i] * vocabulary + v]);
                best = logits[rows[i] * vocabulary + v] > logits[rows[i] * vocabulary + best] ? v : best;
            }
            targets[i] = i == 2 ? best : targets[i];
            expected[i] = logits[rows[i] * vocabulary + targets[i]] - Math.log(sum);
        }
        TokenScores scores = compute.language()
                .score(
                        compute.tensor(hidden, 7, width),
                        rows,
                        targets,
                        compute.language().matrix(head),
                        compute.tensor(bias, vocabulary));
        assertNear(scores.logProbability(), expected, 1e-6);
        assertThat(scores.greedy()).containsExactly(false, false, true, false, false);
    }

    @Test
    void theLowestIdWinsATie() {
        Matrix head = compute.language().matrix(HostArray.ofFloats(new float[] {1, 3, 3, 2}, 4, 1));
        Tensor hidden = compute.tensor(new float[] {1}, 1, 1);
        assertThat(compute.language()
                        .score(hidden, new int[] {0, 0}, new int[] {1, 2}, head, null)
                        .greedy())
                .containsExactly(true, false);
    }

    @Test
    void whatIsOutsideTheVocabularyIsRefused() {
        Matrix head = compute.language().matrix(HostArray.ofFloats(new float[8], 4, 2));
        Tensor hidden = compute.tensor(new float[2], 1, 2);
        assertThatThrownBy(() -> compute.language().score(hidden, new int[] {0}, new int[] {4}, head, null))
                .hasMessage("target 4 of scored row 0 is outside the vocabulary of 4");
        assertThatThrownBy(() -> compute.language().embedding(new int[] {1, 9}, head))
                .hasMessage("token id 9 at row 1 is outside the vocabulary of 4");
    }
}
