package dev.coppice.worker.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order in which kernels read weights, and their unit in float16. */
class PackedWeightTest {

    /**
     * Numbers of an operand (8, 8) of a matrix product on tensor cores: lane 4g + q has (q, g) and (q + 4, g), columns being our rows.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void lanesFindTheirNumbersSideBySide(int steps) {
        int rows = 32;
        int columns = 48;
        float[] weight = new float[rows * columns];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = i;
        }
        float[] packed = PackedWeight.packed(rows, columns, steps, weight);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int lane = row % 8 * 4 + column % 4;
                int ofStep = row % 16 / 8 * 2 + column % 8 / 4;
                int ofLane = column / 8 % steps * 4 + ofStep;
                int at = ((column / (8 * steps) * (rows / 16) + row / 16) * 32 + lane) * 4 * steps + ofLane;
                assertThat(packed[at]).isEqualTo(weight[row * columns + column]);
            }
        }
    }

    /** Here lane 4g + q has (2q, g), (2q + 1, g), (2q + 8, g) and (2q + 9, g) of an operand (16, 8). */
    @Test
    void lanesFindTheirHalvesSideBySide() {
        int rows = 32;
        int columns = 48;
        float[] weight = new float[rows * columns];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = i;
        }
        float[] packed = PackedWeight.packedHalves(rows, columns, weight);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int lane = row % 8 * 4 + column % 8 / 2;
                int ofLane = row % 16 / 8 * 4 + column % 16 / 8 * 2 + column % 2;
                int at = ((column / 16 * (rows / 16) + row / 16) * 32 + lane) * 8 + ofLane;
                assertThat(packed[at]).isEqualTo(weight[row * columns + column]);
            }
        }
    }

    @Test
    void theUnitBringsTheLargestNumberIntoFloat16() {
        assertThat(PackedWeight.unit(new float[] {0.3f, -1.5f})).isEqualTo(0x1p-14f);
        assertThat(PackedWeight.unit(new float[] {3e20f, 1})).isEqualTo(0x1p54f);
        assertThat(PackedWeight.unit(new float[] {1e-42f})).isPositive();
        assertThat(PackedWeight.unit(new float[] {0, 0})).isEqualTo(1);
        assertThat(PackedWeight.unit(new float[] {Float.NaN, 2})).isEqualTo(1);
        assertThat(PackedWeight.unit(new float[] {Float.POSITIVE_INFINITY})).isEqualTo(1);
    }
}
