package dev.coppice.worker.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisPlacesTest {

    private static final int[] SHAPE = {2, 3, 4};

    /** Whole numbers from 1, of a type of {@code bytes} bytes. */
    private static HostArray numbers(DType dtype) {
        ByteBuffer bytes = ByteBuffer.allocate(24 * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 1; i <= 24; i++) {
            if (dtype.bytes() == 2) {
                bytes.putShort((short) i);
            } else {
                bytes.putInt(i);
            }
        }
        return new HostArray(dtype, SHAPE, bytes.flip());
    }

    private static int at(HostArray array, int index) {
        return array.dtype().bytes() == 2
                ? array.bytes().getShort(2 * index)
                : array.bytes().getInt(4 * index);
    }

    @ParameterizedTest
    @CsvSource({"0, INT16", "1, BFLOAT16", "2, FLOAT32", "1, INT32"})
    void agreesWithPlainLoops(int axis, DType dtype) {
        HostArray array = numbers(dtype);
        boolean[] keep = new boolean[SHAPE[axis]];
        keep[1] = true;

        HostArray zeroed = AxisPlaces.zeroed(array, axis, keep);
        HostArray kept = AxisPlaces.kept(array, axis, keep);

        assertThat(zeroed.shape()).containsExactly(SHAPE);
        assertThat(kept.shape()[axis]).isEqualTo(1);
        int next = 0;
        int index = 0;
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                for (int k = 0; k < 4; k++) {
                    boolean stays = keep[new int[] {i, j, k}[axis]];
                    assertThat(at(zeroed, index)).isEqualTo(stays ? index + 1 : 0);
                    if (stays) {
                        assertThat(at(kept, next++)).isEqualTo(index + 1);
                    }
                    index++;
                }
            }
        }
        assertThat(kept.elements()).isEqualTo(next);
        assertThat(at(array, 0)).as("the array itself is left alone").isEqualTo(1);
    }

    @Test
    void aChoiceMustFitTheAxis() {
        assertThatThrownBy(() -> AxisPlaces.kept(numbers(DType.INT32), 1, new boolean[4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a choice of 4 places for an axis of 3");
    }
}
