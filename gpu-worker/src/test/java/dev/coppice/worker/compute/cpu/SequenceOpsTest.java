package dev.coppice.worker.compute.cpu;

import static dev.coppice.worker.compute.cpu.Near.assertNear;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.AttentionInputs;
import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.ConvFilter;
import dev.coppice.worker.compute.Course;
import dev.coppice.worker.compute.ScanInputs;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.SelectiveParameters;
import dev.coppice.worker.compute.SsdParameters;
import dev.coppice.worker.compute.SsdStep;
import dev.coppice.worker.compute.Start;
import dev.coppice.worker.compute.Stateful;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.TestBackend;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations along ragged packed sequences against plain loops, from nothing and from shared states; inputs from seed 23. */
class SequenceOpsTest {

    private static final int SEED = 23;
    private static final Segments SEGMENTS = Segments.ofLengths(300, 1, 0, 2, 37, 129);
    private static final int[] PARENTS = {1, 0, 1, 1, 0, 0};

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

    private float[] numbers(int count) {
        return PlainOps.random(random, count);
    }

    private Columns columns(float[] values, int width) {
        return Columns.all(compute.tensor(values, values.length / width, width));
    }

    /** From one of two earlier states, or from nothing, to the states after all sequences. */
    private Course from(float @Nullable [] states, int... each) {
        if (states == null) {
            return new Course(SEGMENTS, null, Carry.STATES);
        }
        int[] shape = IntStream.concat(IntStream.of(2), IntStream.of(each)).toArray();
        return new Course(SEGMENTS, new Start(compute.tensor(states, shape), PARENTS), Carry.STATES);
    }

    private void assertResult(Stateful actual, PlainLanguage.Result expected, double tolerance) {
        assertNear(compute.download(actual.output()), expected.output(), tolerance);
        assertNear(compute.download(actual.state()), expected.state(), tolerance);
    }

    @ParameterizedTest(name = "seed 23: {0}")
    @EnumSource(ConvActivation.class)
    void convolutionMatchesPlainLoops(ConvActivation activation) {
        for (int channels : new int[] {1, 7, 16, 35}) {
            for (int width : new int[] {1, 3, 4, 5}) {
                float[] x = numbers(SEGMENTS.rows() * channels);
                float[] weight = numbers(channels * width);
                float[] bias = numbers(channels);
                float[] start = numbers(2 * channels * width);
                ConvFilter filter = new ConvFilter(
                        compute.tensor(weight, channels, width), compute.tensor(bias, channels), activation);
                Columns in = columns(x, channels);
                Stateful fresh = compute.language().causalConv(in, filter, from(null));
                assertResult(fresh, PlainLanguage.conv(x, weight, bias, activation, SEGMENTS, null, PARENTS), 1e-6);
                Stateful on = compute.language().causalConv(in, filter, from(start, channels, width));
                assertResult(on, PlainLanguage.conv(x, weight, bias, activation, SEGMENTS, start, PARENTS), 1e-6);
            }
        }
    }

    static SsdParameters parameters(
            Random random, int heads, int xHeads, int b, int c, int width, int states, SsdStep step) {
        float[] a = new float[heads];
        for (int h = 0; h < heads; h++) {
            a[h] = -1 - 15 * random.nextFloat();
        }
        float[] bias = step == SsdStep.CONTINUOUS ? PlainOps.random(random, heads) : null;
        return new SsdParameters(
                heads,
                xHeads,
                b,
                c,
                width,
                states,
                step,
                a,
                bias,
                0.001,
                0.9,
                step == SsdStep.DISCRETE ? null : PlainOps.random(random, heads));
    }

    @ParameterizedTest(name = "seed 23: {0} heads, {1} of x, {2} and {3} groups, width {4}, {5} states, {6}")
    @CsvSource({
        "4, 4, 1, 1, 5, 3, CONTINUOUS",
        "7, 7, 1, 1, 16, 16, DISCRETE",
        "6, 3, 3, 6, 8, 8, CONTINUOUS",
        "3, 3, 1, 1, 64, 128, CONTINUOUS"
    })
    void ssdScanOfTheComputeMatchesTheRecurrence(
            int heads, int xHeads, int bGroups, int cGroups, int width, int states, SsdStep step) {
        SsdParameters p = parameters(random, heads, xHeads, bGroups, cGroups, width, states, step);
        float[] x = numbers(SEGMENTS.rows() * xHeads * width);
        float[] b = numbers(SEGMENTS.rows() * bGroups * states);
        float[] c = numbers(SEGMENTS.rows() * cGroups * states);
        float[] dt = numbers(SEGMENTS.rows() * heads);
        float[] start = numbers(2 * heads * width * states);
        for (float[] from : new float[][] {null, start}) {
            Stateful actual = compute.language()
                    .ssdScan(
                            p,
                            new ScanInputs(
                                    columns(x, xHeads * width),
                                    columns(dt, heads),
                                    columns(b, bGroups * states),
                                    columns(c, cGroups * states)),
                            from(from, heads, width, states));
            assertResult(actual, PlainLanguage.ssd(p, x, b, c, dt, SEGMENTS, from, PARENTS), 3e-6);
        }
    }

    @Test
    void aScanThatCarriesNothingGivesTheSameOutputs() {
        SsdParameters p = parameters(random, 4, 4, 1, 1, 8, 16, SsdStep.CONTINUOUS);
        Columns x = columns(numbers(SEGMENTS.rows() * 32), 32);
        Columns b = columns(numbers(SEGMENTS.rows() * 16), 16);
        Columns dt = columns(numbers(SEGMENTS.rows() * 4), 4);
        ScanInputs in = new ScanInputs(x, dt, b, b);
        Stateful carried = compute.language().ssdScan(p, in, from(null));
        Stateful ended = compute.language().ssdScan(p, in, new Course(SEGMENTS, null, Carry.NOTHING));
        assertThat(compute.download(ended.output())).isEqualTo(compute.download(carried.output()));
        assertThat(ended.state().shape()).containsExactly(0, 4, 8, 16);
    }

    @Test
    void aScanHasTheSameBitsOnAnyNumberOfThreads() {
        SsdParameters p = parameters(random, 12, 12, 1, 1, 16, 16, SsdStep.CONTINUOUS);
        float[] x = numbers(SEGMENTS.rows() * 12 * 16);
        float[] b = numbers(SEGMENTS.rows() * 16);
        float[] dt = numbers(SEGMENTS.rows() * 12);
        Stateful here = compute.language()
                .ssdScan(
                        p,
                        new ScanInputs(columns(x, 192), columns(dt, 12), columns(b, 16), columns(b, 16)),
                        from(null));
        try (Compute one = TestBackend.open(1);
                Scope inOne = one.scope()) {
            Columns alone = Columns.all(one.tensor(b, SEGMENTS.rows(), 16));
            Stateful there = one.language()
                    .ssdScan(
                            p,
                            new ScanInputs(
                                    Columns.all(one.tensor(x, SEGMENTS.rows(), 192)),
                                    Columns.all(one.tensor(dt, SEGMENTS.rows(), 12)),
                                    alone,
                                    alone),
                            from(null));
            assertThat(one.download(there.output())).isEqualTo(compute.download(here.output()));
            assertThat(one.download(there.state())).isEqualTo(compute.download(here.state()));
        }
    }

    @ParameterizedTest(name = "seed 23: {0} channels")
    @ValueSource(ints = {1, 17, 64, 100})
    void selectiveScanMatchesTheRecurrence(int channels) {
        int states = 5;
        float[] a = numbers(channels * states);
        for (int i = 0; i < a.length; i++) {
            a[i] = -Math.abs(a[i]) * 4;
        }
        float[] d = numbers(channels);
        float[] bias = numbers(channels);
        float[] x = numbers(SEGMENTS.rows() * channels);
        float[] dt = numbers(SEGMENTS.rows() * channels);
        float[] b = numbers(SEGMENTS.rows() * states);
        float[] c = numbers(SEGMENTS.rows() * states);
        float[] start = numbers(2 * channels * states);
        for (float[] from : new float[][] {null, start}) {
            Stateful actual = compute.language()
                    .selectiveScan(
                            new SelectiveParameters(
                                    compute.tensor(a, channels, states),
                                    compute.tensor(d, channels),
                                    compute.tensor(bias, channels)),
                            new ScanInputs(
                                    columns(x, channels),
                                    columns(dt, channels),
                                    columns(b, states),
                                    columns(c, states)),
                            from(from, channels, states));
            assertResult(actual, PlainLanguage.selective(a, d, bias, x, dt, b, c, SEGMENTS, from, PARENTS), 2e-6);
        }
    }

    @Test
    void attentionMatchesPlainLoopsWithKeysBeforeTheQueries() {
        int heads = 6;
        int kvHeads = 2;
        int width = 10;
        Segments keys = Segments.ofLengths(311, 1, 4, 90, 37, 130);
        float[] q = numbers(SEGMENTS.rows() * heads * width);
        float[] k = numbers(keys.rows() * kvHeads * width);
        float[] v = numbers(keys.rows() * kvHeads * width);
        Tensor actual = compute.language()
                .attention(new AttentionInputs(
                        columns(q, heads * width),
                        compute.tensor(k, keys.rows(), kvHeads * width),
                        compute.tensor(v, keys.rows(), kvHeads * width),
                        heads,
                        kvHeads,
                        SEGMENTS,
                        keys));
        assertNear(
                compute.download(actual),
                PlainLanguage.attention(q, k, v, heads, kvHeads, width, SEGMENTS, keys),
                2e-6);
    }

    @Test
    void rotationTurnsPairsOfEachHead() {
        double[] frequencies = {1, 0.1, 0.003};
        int[] positions = {0, 5, 1000};
        float[] x = numbers(3 * 2 * 6);
        double[] expected = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int pair = i % 3;
            double angle = positions[i / 12] * frequencies[pair];
            expected[i] = i % 6 < 3
                    ? x[i] * Math.cos(angle) - x[i + 3] * Math.sin(angle)
                    : x[i] * Math.cos(angle) + x[i - 3] * Math.sin(angle);
        }
        assertNear(compute.download(compute.language().rotate(columns(x, 12), positions, frequencies)), expected, 1e-6);
    }

    @Test
    void cachesGrowBySequence() {
        Tensor past = compute.tensor(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
        Columns x = columns(new float[] {7, 8, 9, 10}, 2);
        Tensor grown = compute.language()
                .append(past, Segments.ofLengths(1, 2), new int[] {1, 0}, x, Segments.ofLengths(1, 1));
        assertThat(compute.download(grown)).containsExactly(3, 4, 5, 6, 7, 8, 1, 2, 9, 10);
    }

    @Test
    void startStatesAreChecked() {
        Columns x = columns(numbers(SEGMENTS.rows() * 3), 3);
        Start start = new Start(compute.tensor(new float[24], 2, 3, 4), new int[] {0, 1, 2, 0, 0, 0});
        ConvFilter filter = new ConvFilter(compute.tensor(new float[12], 3, 4), null, ConvActivation.SILU);
        assertThatThrownBy(() -> compute.language().causalConv(x, filter, new Course(SEGMENTS, start, Carry.STATES)))
                .hasMessage("start state 2 where there are 2");
    }
}
