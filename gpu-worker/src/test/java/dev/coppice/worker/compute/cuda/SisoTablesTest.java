package dev.coppice.worker.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.worker.compute.SisoParameters;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The tables that S4D's kernels read, against the definition in {@link SisoParameters}: several steps at a time, as the kernels go,
 * in float64. Layers from seed 31, inputs from 32.
 */
class SisoTablesTest {

    private static final int STEPS = 48;

    /** Channel h has h * 7 % (most + 1) states, the last one {@code most}. */
    private static SisoParameters layer(int channels, int most, int directions, double largest) {
        Random random = new Random(31);
        int[] offsets = new int[channels + 1];
        for (int h = 0; h < channels; h++) {
            offsets[h + 1] = offsets[h] + (h == channels - 1 ? most : h * 7 % (most + 1));
        }
        int all = offsets[channels];
        double[] lamRe = new double[all];
        double[] lamIm = new double[all];
        double[] weightRe = new double[directions * all];
        double[] weightIm = new double[directions * all];
        for (int s = 0; s < all; s++) {
            double size = largest - 0.2 * random.nextDouble();
            double angle = Math.PI * random.nextDouble();
            lamRe[s] = size * Math.cos(angle);
            lamIm[s] = size * Math.sin(angle);
        }
        for (int w = 0; w < directions * all; w++) {
            weightRe[w] = 0.01 * random.nextGaussian();
            weightIm[w] = 0.01 * random.nextGaussian();
        }
        float[] d = new float[channels];
        for (int h = 0; h < channels; h++) {
            d[h] = (float) random.nextGaussian();
        }
        return new SisoParameters(channels, directions, offsets, lamRe, lamIm, weightRe, weightIm, d);
    }

    private static double[] input() {
        Random random = new Random(32);
        return random.doubles(STEPS, -1, 1).toArray();
    }

    /** y of channel h by the definition. */
    private static double[] defined(SisoParameters p, int h, double[] u) {
        double[] y = new double[STEPS];
        for (int direction = 0; direction < p.directions(); direction++) {
            double[] in = direction == 0 ? u : reversed(u);
            double[] out = new double[STEPS];
            for (int s = p.offsets()[h]; s < p.offsets()[h + 1]; s++) {
                int w = direction * p.states() + s;
                double re = 0;
                double im = 0;
                for (int t = 0; t < STEPS; t++) {
                    double before = p.weightRe()[w] * re - p.weightIm()[w] * im;
                    double next = p.lamBarRe()[s] * re - p.lamBarIm()[s] * im + in[t];
                    im = p.lamBarRe()[s] * im + p.lamBarIm()[s] * re;
                    re = next;
                    out[t] += direction == 0 ? p.weightRe()[w] * re - p.weightIm()[w] * im : before;
                }
            }
            add(y, direction == 0 ? out : reversed(out));
        }
        for (int t = 0; t < STEPS; t++) {
            y[t] += p.d()[h] * u[t];
        }
        return y;
    }

    private static double[] reversed(double[] values) {
        double[] turned = new double[values.length];
        for (int t = 0; t < values.length; t++) {
            turned[t] = values[values.length - 1 - t];
        }
        return turned;
    }

    private static void add(double[] to, double[] values) {
        for (int t = 0; t < to.length; t++) {
            to[t] += values[t];
        }
    }

    /** One direction of siso_scan.cu. */
    private static double[] scanned(SisoTable table, int channel, double[] u) {
        int states = table.parts() * table.statesOfPart();
        double[] re = new double[states];
        double[] im = new double[states];
        double[] y = new double[STEPS];
        for (int t = 0; t < STEPS; t += 4) {
            for (int s = 0; s < states; s++) {
                int f = (channel * states + s) * 16;
                float[] factors = table.factors();
                for (int j = 0; j < 4; j++) {
                    y[t + j] += factors[f + 8 + 2 * j] * re[s] - factors[f + 9 + 2 * j] * im[s];
                }
                double real = factors[f] * re[s] - factors[f + 1] * im[s] + u[t + 3];
                double imaginary = factors[f] * im[s] + factors[f + 1] * re[s];
                for (int i = 0; i < 3; i++) {
                    real += factors[f + 2 + 2 * i] * u[t + i];
                    imaginary += factors[f + 3 + 2 * i] * u[t + i];
                }
                re[s] += real;
                im[s] += imaginary;
            }
            for (int j = 0; j < 4; j++) {
                for (int i = 0; i < 4; i++) {
                    y[t + j] += table.within()[(channel * 4 + j) * 4 + i] * u[t + i];
                }
            }
        }
        return y;
    }

    /** One direction of siso_tiled.cu. */
    private static double[] tiled(SisoTiles tiles, int direction, int channel, double[] u) {
        int columns = tiles.columns();
        double[] state = new double[columns];
        double[] y = new double[STEPS];
        for (int t = 0; t < STEPS; t += 16) {
            double[] before = state.clone();
            for (int j = 0; j < 16; j++) {
                double sum = 0;
                for (int c = 0; c < columns; c++) {
                    sum += tiles.outputs()[(channel * 16 + j) * columns + c] * before[c];
                }
                for (int i = 0; i <= j - direction; i++) {
                    sum += tiles.within()[channel * 16 + j - i - direction] * u[t + i];
                }
                y[t + j] = sum * tiles.scales()[2 * channel] + tiles.scales()[2 * channel + 1] * u[t + j];
            }
            for (int c = 0; c < columns; c += 2) {
                int turn = channel * columns + c;
                double re = tiles.turns()[turn];
                double im = tiles.turns()[turn + 1];
                state[c] += re * before[c] - im * before[c + 1];
                state[c + 1] += re * before[c + 1] + im * before[c];
                for (int i = 0; i < 16; i++) {
                    state[c] += tiles.inputs()[(channel * 16 + i) * columns + c] * u[t + i];
                    state[c + 1] += tiles.inputs()[(channel * 16 + i) * columns + c + 1] * u[t + i];
                }
            }
        }
        return y;
    }

    @ParameterizedTest(name = "seeds 31, 32: {0} channels, {1} states, {2} directions, moduli to {3}")
    @CsvSource({"1, 1, 1, 1", "3, 32, 2, 0.999", "5, 20, 2, 1", "4, 17, 1, 1.05", "2, 30, 2, 1.2"})
    void stepsAtATimeAreTheDefinition(int channels, int most, int directions, double largest) {
        SisoParameters layer = layer(channels, most, directions, largest);
        SisoTable table = SisoTable.of(layer);
        SisoTiles tiles = SisoTiles.of(layer, STEPS);
        double[] u = input();
        for (int h = 0; h < channels; h++) {
            double[] scanned = new double[STEPS];
            double[] tiled = new double[STEPS];
            for (int direction = 0; direction < directions; direction++) {
                double[] in = direction == 0 ? u : reversed(u);
                double[] one = scanned(table, direction * channels + h, in);
                double[] other = tiled(tiles, direction, direction * channels + h, in);
                add(scanned, direction == 0 ? one : reversed(one));
                add(tiled, direction == 0 ? other : reversed(other));
            }
            double[] expected = defined(layer, h, u);
            double peak = 0;
            for (double value : expected) {
                peak = Math.max(peak, Math.abs(value));
            }
            for (int t = 0; t < STEPS; t++) {
                assertThat(scanned[t]).as("recurrence, step " + t).isCloseTo(expected[t], within(1e-6 * peak));
                assertThat(tiled[t]).as("tiles, step " + t).isCloseTo(expected[t], within(1e-6 * peak));
            }
        }
    }

    @Test
    void statesStayInTheRangeOfSixteenBits() {
        SisoTiles tiles = SisoTiles.of(layer(3, 24, 2, 1.0), 1 << 14);
        for (float value : tiles.outputs()) {
            assertThat(Math.abs(value)).isLessThan(2);
        }
        for (float value : tiles.inputs()) {
            assertThat(Math.abs(value)).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void manyStatesAndStatesThatGrowWithoutEndAreLeftToTheRecurrence() {
        assertThat(SisoTiles.suits(layer(2, 32, 1, 1.0), 1 << 14)).isTrue();
        assertThat(SisoTiles.suits(layer(2, 33, 1, 1.0), 1 << 14)).isFalse();
        assertThat(SisoTiles.suits(layer(2, 8, 1, 1.3), 1 << 14)).isFalse();
    }
}
