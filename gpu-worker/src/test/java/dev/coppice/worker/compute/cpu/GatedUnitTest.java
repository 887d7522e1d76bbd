package dev.coppice.worker.compute.cpu;

import static dev.coppice.worker.compute.cpu.Near.assertNear;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.compute.Affine;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.GateValue;
import dev.coppice.worker.compute.GatedUnit;
import dev.coppice.worker.compute.GatedUnitParameters;
import dev.coppice.worker.compute.Gelu;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.TestBackend;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What follows the system of an S5 or S4D layer, against plain loops; inputs from seed 41. */
class GatedUnitTest {

    private static final int SEED = 41;

    private final Random random = new Random(SEED);

    private GatedUnitParameters parameters(int channels, Gelu form, GateValue value) {
        int parts = value == GateValue.PROJECTED ? 2 : 1;
        float[] weight = PlainOps.random(random, parts * channels * channels);
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (float) (2 * weight[i] / Math.sqrt(channels));
        }
        return new GatedUnitParameters(channels, form, value, weight, PlainOps.random(random, parts * channels));
    }

    private static double[] plain(GatedUnitParameters p, float[] y, float[] residual) {
        int channels = p.channels();
        int rows = y.length / channels;
        float[] g = new float[y.length];
        for (int i = 0; i < g.length; i++) {
            g[i] = (float) PlainOps.gelu(y[i], p.form());
        }
        int width = p.bias().length;
        double[] projected = PlainOps.linear(g, rows, channels, p.weight(), width, p.bias());
        double[] out = new double[y.length];
        for (int i = 0; i < out.length; i++) {
            int row = i / channels * width;
            double value = switch (p.value()) {
                case INPUT -> y[i];
                case ACTIVATED -> g[i];
                case PROJECTED -> projected[row + i % channels];
            };
            out[i] = value * PlainOps.sigmoid(projected[row + width - channels + i % channels]) + residual[i];
        }
        return out;
    }

    private static float[] run(Compute compute, GatedUnitParameters p, float[] y, float[] residual) {
        try (Scope scope = compute.scope()) {
            int rows = y.length / p.channels();
            GatedUnit unit = compute.prepare(p);
            Tensor x = residual.length == 0 ? null : compute.tensor(residual, rows, p.channels());
            return compute.download(unit.run(compute, compute.tensor(y, rows, p.channels()), x, null));
        }
    }

    @ParameterizedTest(name = "seed 41: {0} channels, {1} rows, {2}, {3}")
    @CsvSource({
        "1, 1, TANH, INPUT",
        "5, 70, ERF, PROJECTED",
        "12, 64, TANH, ACTIVATED",
        "32, 3, TANH, INPUT",
        "64, 65, ERF, PROJECTED",
        "96, 64, TANH, PROJECTED",
        "128, 130, TANH, INPUT",
        "140, 63, ERF, ACTIVATED",
        "256, 64, ERF, PROJECTED",
        "256, 200, TANH, INPUT",
        "384, 10, TANH, ACTIVATED",
        "512, 65, ERF, PROJECTED",
        "512, 129, TANH, ACTIVATED",
        "513, 5, TANH, INPUT"
    })
    void matchesPlainLoops(int channels, int rows, Gelu form, GateValue value) {
        GatedUnitParameters p = parameters(channels, form, value);
        float[] y = PlainOps.random(random, rows * channels);
        for (int i = 0; i < y.length; i += 3) {
            y[i] *= 6;
        }
        float[] residual = PlainOps.random(random, rows * channels);
        for (Precision precision : TestBackend.classifierPrecisions()) {
            double tolerance = precision == Precision.FLOAT32 ? 3e-6 : 3e-3;
            try (Compute compute = TestBackend.open(2, precision)) {
                assertNear(run(compute, p, y, residual), plain(p, y, residual), tolerance);
                assertNear(run(compute, p, y, new float[0]), plain(p, y, new float[y.length]), tolerance);
            }
        }
    }

    @ParameterizedTest(name = "seed 41: {0}")
    @EnumSource(GateValue.class)
    void aRowDoesNotDependOnItsNeighbours(GateValue value) {
        GatedUnitParameters p = parameters(64, Gelu.TANH, value);
        float[] y = PlainOps.random(random, 150 * 64);
        float[] residual = PlainOps.random(random, 150 * 64);
        float[] ownY = Arrays.copyOfRange(y, 70 * 64, 75 * 64);
        float[] ownResidual = Arrays.copyOfRange(residual, 70 * 64, 75 * 64);
        try (Compute compute = TestBackend.open(1)) {
            assertNear(
                    run(compute, p, ownY, ownResidual),
                    doubles(Arrays.copyOfRange(run(compute, p, y, residual), 70 * 64, 75 * 64)),
                    TestBackend.batchTolerance());
        }
    }

    @ParameterizedTest(name = "seed 41: {0}")
    @EnumSource(GateValue.class)
    void whatComesAfterCanBeTakenAlong(GateValue value) {
        GatedUnitParameters p = parameters(44, Gelu.ERF, value);
        float[] y = PlainOps.random(random, 70 * 44);
        try (Compute compute = TestBackend.open(1);
                Scope scope = compute.scope()) {
            Affine after = new Affine(
                    compute.tensor(PlainOps.random(random, 44), 44), compute.tensor(PlainOps.random(random, 44), 44));
            Tensor in = compute.tensor(y, 70, 44);
            GatedUnit unit = compute.prepare(p);
            Tensor apart = compute.channelAffine(unit.run(compute, in, in, null), after.scale(), after.shift());
            assertNear(compute.download(unit.run(compute, in, in, after)), doubles(compute.download(apart)), 1e-6);
        }
    }

    @Test
    void notANumberStaysOne() {
        GatedUnitParameters p = parameters(40, Gelu.TANH, GateValue.INPUT);
        float[] y = PlainOps.random(random, 66 * 40);
        y[65 * 40 + 7] = Float.NaN;
        try (Compute compute = TestBackend.open(1)) {
            float[] out = run(compute, p, y, new float[0]);
            assertThat(Arrays.copyOfRange(out, 65 * 40, out.length)).containsOnly(Float.NaN);
            assertThat(Arrays.copyOf(out, 65 * 40)).doesNotContain(Float.NaN);
        }
    }

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
