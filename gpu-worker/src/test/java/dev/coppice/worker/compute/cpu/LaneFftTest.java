package dev.coppice.worker.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneFftTest {

    private static final int LANES = Lanes.COUNT;

    @ParameterizedTest(name = "{0} points, seeds 1 and 2")
    @ValueSource(ints = {2, 4, 8, 16, 32, 128, 256})
    void productOfSpectraIsTheCyclicConvolutionOfEachLane(int points) {
        float[] a = PlainSiso.normal(points * LaneFft.POINT, 1);
        float[] b = PlainSiso.normal(points * LaneFft.POINT, 2);
        LaneFft fft = new LaneFft(points);
        float[] spectrumA = a.clone();
        float[] spectrumB = b.clone();
        fft.forward(spectrumA);
        fft.forward(spectrumB);
        float[] product = new float[a.length];
        for (int t = 0; t < points; t++) {
            for (int lane = 0; lane < LANES; lane++) {
                int re = t * LaneFft.POINT + lane;
                int im = re + LANES;
                product[re] = spectrumA[re] * spectrumB[re] - spectrumA[im] * spectrumB[im];
                product[im] = spectrumA[re] * spectrumB[im] + spectrumA[im] * spectrumB[re];
            }
        }
        fft.inverse(product);

        for (int t = 0; t < points; t++) {
            for (int lane = 0; lane < LANES; lane++) {
                double re = 0;
                double im = 0;
                for (int s = 0; s < points; s++) {
                    int atA = s * LaneFft.POINT + lane;
                    int atB = (t - s + points) % points * LaneFft.POINT + lane;
                    re += (double) a[atA] * b[atB] - (double) a[atA + LANES] * b[atB + LANES];
                    im += (double) a[atA] * b[atB + LANES] + (double) a[atA + LANES] * b[atB];
                }
                int at = t * LaneFft.POINT + lane;
                assertThat((double) product[at] / points).isCloseTo(re, within(1e-4));
                assertThat((double) product[at + LANES] / points).isCloseTo(im, within(1e-4));
            }
        }
    }

    @ParameterizedTest(name = "{0} points, seed 3")
    @ValueSource(ints = {2, 4, 8, 512, 1024, 2048})
    void inverseOfForwardIsTheSignalTimesThePoints(int points) {
        float[] x = PlainSiso.normal(points * LaneFft.POINT, 3);
        float[] there = x.clone();
        LaneFft fft = new LaneFft(points);

        fft.forward(there);
        fft.inverse(there);

        for (int i = 0; i < x.length; i++) {
            assertThat(there[i] / points).isCloseTo(x[i], within(4e-6f));
        }
    }

    @Test
    void refusesOtherLengths() {
        assertThatThrownBy(() -> new LaneFft(12)).hasMessageContaining("12 points: expected a power of two");
        assertThatThrownBy(() -> new LaneFft(1)).isInstanceOf(IllegalArgumentException.class);
    }
}
