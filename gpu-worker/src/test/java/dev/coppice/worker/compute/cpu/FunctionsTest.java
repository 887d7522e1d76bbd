package dev.coppice.worker.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Elementary functions against double arithmetic, over their whole range. */
class FunctionsTest {

    private static final int COUNT = 400_000; // a multiple of every vector's length

    private static float[] range(double from, double to) {
        float[] x = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            x[i] = (float) (from + (to - from) * i / (COUNT - 1));
        }
        return x;
    }

    @Test
    void expIsWithinTwoUlp() {
        float[] x = range(-86.99, 87.99);
        float[] y = x.clone();
        Functions.exp(y, COUNT);
        double largest = 0;
        for (int i = 0; i < COUNT; i++) {
            double exact = Math.exp(x[i]);
            largest = Math.max(largest, Math.abs(y[i] - exact) / Math.ulp((float) exact));
        }
        assertThat(largest).as("ulp").isLessThanOrEqualTo(2);
    }

    @Test
    void sumsOfExponentialsAreThoseOfThePowers() {
        for (int count : new int[] {1, 5, Lanes.COUNT, 3 * Lanes.COUNT + 1, 1000}) {
            float[] x = FloatRows.scratch(count);
            double exact = 0;
            for (int i = 0; i < count; i++) {
                x[i] = 40 - 30f * i / count;
                exact += Math.exp(x[i] - 38.0);
            }
            Arrays.fill(x, count, x.length, Float.NEGATIVE_INFINITY);
            assertThat(Functions.sumOfExponentials(x, count, 38f)).isCloseTo(exact, withinPercentage(1e-4));
        }
        assertThat(Functions.sumOfExponentials(
                        new float[] {Float.NaN, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 1, 0))
                .isNaN();
    }

    @Test
    void erfIsWithinItsStatedError() {
        float[] x = range(-6, 6);
        float[] y = x.clone();
        Functions.erf(y, COUNT);
        double largest = 0;
        for (int i = 0; i < COUNT; i++) {
            largest = Math.max(largest, Math.abs(y[i] - PlainOps.erf(x[i])));
        }
        assertThat(largest).isLessThan(3.5e-7);
    }

    @Test
    void expSaturatesWithoutInfinity() {
        float[] x = new float[Lanes.COUNT];
        Arrays.fill(x, 1e30f);
        Functions.exp(x, 1);
        assertThat(x[0]).isBetween(1.6e38f, Float.MAX_VALUE);
        Arrays.fill(x, -1e30f);
        Functions.exp(x, 1);
        assertThat(x[0]).isBetween(0f, 1.7e-38f);
    }
}
