package dev.coppice.worker.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.worker.compute.SisoParameters;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Both formulations against plain loops in float64; their difference is bounded by the sum of both errors. */
class SisoFormulationTest {

    private static final int LANES = Lanes.COUNT;

    static Stream<Arguments> shapes() {
        int[] full = new int[LANES];
        Arrays.fill(full, 32);
        int[] ragged = new int[LANES];
        Arrays.setAll(ragged, lane -> lane * 5 % 7);
        return Stream.of(1, 2, 3, 17, 64, 100, 784, 1025)
                .flatMap(steps -> Stream.of(1, 2)
                        .flatMap(directions -> Stream.of(full, ragged, new int[] {3}, new int[] {0, 1, 0})
                                .map(states -> Arguments.of(steps, directions, states))));
    }

    private static float[] run(SisoFormulation formulation, float[] u, int steps) {
        float[] y = new float[steps * LANES];
        float[] scratch = new float[formulation.scratch()];
        Arrays.fill(scratch, Float.NaN);
        formulation.run(u, y, steps, scratch);
        return y;
    }

    private static SisoConvolution convolution(SisoParameters parameters, int steps) {
        int points = SisoPlan.points(steps);
        return new SisoConvolution(parameters, 0, steps, new LaneFft(points), SisoConvolution.turns(points));
    }

    private static void assertPlain(SisoParameters parameters, float[] u, int steps, float[] y, double tolerance) {
        double[] expected = PlainSiso.run(parameters, u, steps, LANES);
        for (int t = 0; t < steps; t++) {
            for (int lane = 0; lane < LANES; lane++) {
                double value = lane < parameters.channels() ? expected[t * parameters.channels() + lane] : 0;
                assertThat((double) y[t * LANES + lane])
                        .as("step %d, channel %d", t, lane)
                        .isCloseTo(value, within(tolerance));
            }
        }
    }

    @ParameterizedTest(name = "{0} steps, {1} directions, seed 5")
    @MethodSource("shapes")
    void recurrenceIsThePlainLoop(int steps, int directions, int[] states) {
        SisoParameters parameters = PlainSiso.random(states, directions, 5);
        float[] u = PlainSiso.normal(steps * LANES, 6);

        assertPlain(parameters, u, steps, run(new SisoRecurrence(parameters, 0), u, steps), 3e-5);
    }

    @ParameterizedTest(name = "{0} steps, {1} directions, seed 5")
    @MethodSource("shapes")
    void convolutionIsThePlainLoop(int steps, int directions, int[] states) {
        SisoParameters parameters = PlainSiso.random(states, directions, 5);
        float[] u = PlainSiso.normal(steps * LANES, 6);

        assertPlain(parameters, u, steps, run(convolution(parameters, steps), u, steps), 2e-5);
    }

    @Test
    void convolutionTakesShorterSequencesThanItWasPreparedFor() {
        SisoParameters parameters = PlainSiso.random(new int[] {4, 9}, 2, 7);
        float[] u = PlainSiso.normal(100 * LANES, 8);

        for (int steps : new int[] {1, 2, 31, 64, 99, 100}) {
            assertPlain(parameters, u, steps, run(convolution(parameters, 100), u, steps), 2e-5);
        }
    }

    @Test
    void recurrenceCarriesUnstableStates() {
        SisoParameters stable = PlainSiso.random(new int[] {4, 4}, 2, 9);
        double[] lamBarRe = stable.lamBarRe().clone();
        lamBarRe[2] = 1.05;
        SisoParameters unstable = new SisoParameters(
                2, 2, stable.offsets(), lamBarRe, new double[8], stable.weightRe(), stable.weightIm(), stable.d());
        float[] u = PlainSiso.normal(200 * LANES, 10);

        SisoFormulation chosen = new SisoPlan(unstable, 200).formulation(0);

        assertThat(chosen).isInstanceOf(SisoRecurrence.class);
        double[] expected = PlainSiso.run(unstable, u, 200, LANES);
        float[] y = run(chosen, u, 200);
        for (int t = 0; t < 200; t++) {
            for (int h = 0; h < 2; h++) {
                double value = expected[2 * t + h];
                assertThat((double) y[t * LANES + h]).isCloseTo(value, within(1e-4 * Math.max(1, Math.abs(value))));
            }
        }
    }

    @Test
    void planFollowsStatesDirectionsSteps() {
        assertThat(SisoPlan.recurrenceIsFaster(32, 1, 1024)).isFalse();
        assertThat(SisoPlan.recurrenceIsFaster(16, 1, 1024)).isTrue();
        assertThat(SisoPlan.recurrenceIsFaster(16, 2, 1024)).isFalse();
        assertThat(SisoPlan.recurrenceIsFaster(8, 2, 1024)).isTrue();
        assertThat(SisoPlan.recurrenceIsFaster(0, 2, 1)).isTrue();
        assertThat(SisoPlan.points(784)).isEqualTo(1024);
        assertThat(SisoPlan.points(1024)).isEqualTo(1024);
        assertThat(SisoPlan.points(1)).isEqualTo(2);
    }

    @Test
    void fullAndPrunedChannelsOfOneLayerArePlannedApart() {
        int[] states = new int[2 * LANES];
        Arrays.fill(states, 0, LANES, 32);
        Arrays.fill(states, LANES, 2 * LANES, 2);
        SisoPlan plan = new SisoPlan(PlainSiso.random(states, 2, 11), 784);

        assertThat(plan.formulation(0)).isInstanceOf(SisoConvolution.class);
        assertThat(plan.formulation(LANES)).isInstanceOf(SisoRecurrence.class);
    }
}
