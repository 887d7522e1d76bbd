package dev.coppice.worker.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;

/** Comparison of arrays relative to the largest expected value. */
final class Near {

    private Near() {}

    static void assertNear(float[] actual, double[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        double scale = 1;
        for (double value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i])
                    .as("element %d of %d", i, actual.length)
                    .isCloseTo(expected[i], org.assertj.core.data.Offset.offset(tolerance * scale));
        }
    }
}
