package dev.coppice.worker.compute.cpu;

import static dev.coppice.worker.compute.cpu.Near.assertNear;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.compute.Affine;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.MimoParameters;
import dev.coppice.worker.compute.MimoSsm;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.TestBackend;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The S5 layer against sequential plain loops; inputs from seed 11. */
class MimoTest {

    private static final int SEED = 11;

    private static MimoParameters parameters(Random random, int channels, int states, int directions) {
        double[] re = new double[states];
        double[] im = new double[states];
        for (int s = 0; s < states; s++) {
            double magnitude = 0.5 + 0.5 * random.nextDouble();
            double angle = 2 * Math.PI * random.nextDouble();
            re[s] = magnitude * Math.cos(angle);
            im[s] = magnitude * Math.sin(angle);
        }
        return new MimoParameters(
                channels,
                states,
                directions,
                re,
                im,
                PlainOps.random(random, 2 * states * channels),
                PlainOps.random(random, 2 * directions * channels * states),
                PlainOps.random(random, channels),
                2);
    }

    private static float[] run(Compute compute, MimoParameters p, float[] u, int sequences, int steps) {
        try (Scope scope = compute.scope()) {
            return compute.download(
                    compute.mimo(compute.prepare(p), compute.tensor(u, sequences, steps, p.channels())));
        }
    }

    @ParameterizedTest(name = "seed 11: {0} channels, {1} states, {2} directions, {3} steps")
    @CsvSource({
        "1, 1, 1, 1",
        "3, 0, 1, 4",
        "3, 0, 2, 4",
        "5, 5, 2, 1",
        "7, 8, 2, 33",
        "16, 9, 1, 17",
        "17, 16, 2, 15",
        "33, 24, 1, 100",
        "8, 32, 2, 64",
        "64, 96, 2, 7",
        "2, 7, 1, 300",
        "128, 72, 2, 130",
        "256, 48, 2, 200",
        "300, 66, 1, 70",
        "512, 70, 2, 65",
        "520, 4, 2, 65"
    })
    void matchesTheRecurrence(int channels, int states, int directions, int steps) {
        Random random = new Random(SEED);
        MimoParameters p = parameters(random, channels, states, directions);
        float[] u = PlainOps.random(random, 2 * steps * channels);
        for (Precision precision : TestBackend.classifierPrecisions()) {
            try (Compute compute = TestBackend.open(1, precision)) {
                double tolerance = precision == Precision.FLOAT32 ? 2e-6 : 3e-3;
                assertNear(run(compute, p, u, 2, steps), PlainOps.mimo(p, u, 2, steps), tolerance);
            }
        }
    }

    @ParameterizedTest(name = "seed 11: {0} channels, {1} states, {2} steps")
    @CsvSource({"12, 7, 70", "128, 20, 64", "6, 9, 5"})
    void whatComesBeforeCanBeTakenAlong(int channels, int states, int steps) {
        Random random = new Random(SEED);
        MimoParameters p = parameters(random, channels, states, 2);
        float[] u = PlainOps.random(random, 3 * steps * channels);
        try (Compute compute = TestBackend.open(1);
                Scope scope = compute.scope()) {
            Affine before = new Affine(
                    compute.tensor(PlainOps.random(random, channels), channels),
                    compute.tensor(PlainOps.random(random, channels), channels));
            Tensor x = compute.tensor(u, 3, steps, channels);
            MimoSsm ssm = compute.prepare(p);
            float[] apart =
                    compute.download(compute.mimo(ssm, compute.channelAffine(x, before.scale(), before.shift())));
            double[] expected = new double[apart.length];
            Arrays.setAll(expected, i -> apart[i]);
            assertNear(compute.download(compute.mimo(ssm, x, before)), expected, 2e-6);
        }
    }

    @Test
    void aSequenceDoesNotDependOnItsNeighboursOrOnTheLane() {
        Random random = new Random(SEED);
        MimoParameters p = parameters(random, 20, 13, 2);
        int perSequence = 50 * 20;
        float[] u = PlainOps.random(random, 3 * perSequence);
        float[] second = Arrays.copyOfRange(u, perSequence, 2 * perSequence);
        float[][] lanes = new float[8][];
        try (Compute compute = TestBackend.open(2)) {
            float[] together = run(compute, p, u, 3, 50);
            float[] alone = run(compute, p, second, 1, 50);
            assertThat(alone).isEqualTo(Arrays.copyOfRange(together, perSequence, 2 * perSequence));
            compute.parallel(8, (piece, lane) -> lanes[piece] = run(lane, p, second, 1, 50));
            for (float[] lane : lanes) {
                assertThat(lane).isEqualTo(alone);
            }
        }
    }
}
