package dev.coppice.worker.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DiscretizationTest {

    private static final Complex LAMBDA = new Complex(-0.5, 3);

    /** A constant input u = 1 brings x to the continuous system's resting point -b / lambda. */
    @ParameterizedTest
    @EnumSource
    void restsWhereTheContinuousSystemRests(Discretization method) {
        Complex lamBar = method.lamBar(LAMBDA, 0.01);
        Complex rest = method.inputFactor(LAMBDA, 0.01).over(Complex.ONE.minus(lamBar));

        assertClose(rest, new Complex(-1, 0).over(LAMBDA), 1e-12);
    }

    /** n steps of dt / n are one of dt: exactly with zoh, in the limit with the bilinear transform. */
    @Test
    void manySmallStepsAreOneLargeStep() {
        Complex zoh = Complex.ONE;
        Complex bilinear = Complex.ONE;
        for (int i = 0; i < 1000; i++) {
            zoh = zoh.times(Discretization.ZOH.lamBar(LAMBDA, 1e-4));
            bilinear = bilinear.times(Discretization.BILINEAR.lamBar(LAMBDA, 1e-4));
        }

        assertClose(zoh, LAMBDA.times(0.1).exp(), 1e-12);
        assertClose(bilinear, LAMBDA.times(0.1).exp(), 1e-8);
    }

    @Test
    void zohKeepsDigitsNearAndAtLambdaZero() {
        assertClose(Discretization.ZOH.inputFactor(new Complex(0, 0), 0.1), new Complex(0.1, 0), 0);
        assertClose(
                Discretization.ZOH.inputFactor(new Complex(-1e-12, 1e-12), 0.1),
                new Complex(0.1 - 5e-15, 5e-15),
                1e-17);
    }

    private static void assertClose(Complex actual, Complex expected, double tolerance) {
        assertThat(actual.re()).isCloseTo(expected.re(), within(tolerance));
        assertThat(actual.im()).isCloseTo(expected.im(), within(tolerance));
    }
}
