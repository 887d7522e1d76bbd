package dev.coppice.worker.compute.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ViewsTest {

    private static long[] of(long... numbers) {
        return numbers;
    }

    @Test
    void axesAreSplitAndJoinedWithoutACopy() {
        assertThat(Views.strides(of(6, 8), of(8, 1), of(48))).containsExactly(1);
        assertThat(Views.strides(of(6, 8), of(8, 1), of(2, 3, 4, 2))).containsExactly(24, 8, 2, 1);
        assertThat(Views.strides(of(6, 8), of(80, 1), of(2, 3, 8))).containsExactly(240, 80, 1);
        assertThat(Views.strides(of(2, 3, 8), of(240, 80, 1), of(6, 8))).containsExactly(80, 1);
        assertThat(Views.strides(of(8, 6), of(1, 8), of(2, 4, 6))).containsExactly(4, 1, 8);
    }

    @Test
    void axesOfLengthOneDoNotMatter() {
        assertThat(Views.strides(of(1, 6, 1), of(999, 3, 7), of(6))).containsExactly(3);
        assertThat(Views.strides(of(6), of(3), of(2, 1, 3, 1))).startsWith(9, 9, 3);
        assertThat(Views.strides(of(1, 1), of(5, 9), of(1))).hasSize(1);
        assertThat(Views.strides(of(16), of(1), of(1, 1, 16))).endsWith(1);
    }

    @Test
    void whatOnlyACopyCouldHaveIsRefused() {
        assertThatThrownBy(() -> Views.strides(of(6, 8), of(80, 1), of(48)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("elements of shape [6, 8] do not lie as [48]");
        assertThatThrownBy(() -> Views.strides(of(8, 6), of(1, 8), of(48)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Views.strides(of(6), of(1), of(7))).isInstanceOf(IllegalArgumentException.class);
    }
}
