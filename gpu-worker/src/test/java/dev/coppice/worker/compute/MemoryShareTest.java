package dev.coppice.worker.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MemoryShareTest {

    private static final Device GPU = new Device("cuda", "0", "a GPU", 80L << 30, "CUDA 13.0");

    @Test
    void jobsOnADeviceGetEqualParts() {
        assertThat(MemoryShare.WHOLE.of(GPU, 75L << 30)).isEqualTo(75L << 30);
        assertThat(MemoryShare.WHOLE.among(3).of(GPU, 75L << 30)).isEqualTo(25L << 30);
        assertThat(new MemoryShare(40L << 30, 1).among(4).of(GPU, 75L << 30)).isEqualTo(10L << 30);
    }

    @Test
    void thereIsNoMoreThanTheDeviceHas() {
        assertThatThrownBy(() -> new MemoryShare(76L << 30, 2).of(GPU, 75L << 30))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("worker.device-memory is 77824 MiB, and of cuda:0 a GPU jobs can have 76800 MiB: "
                        + "lower it, or take it out");
        assertThatThrownBy(() -> MemoryShare.WHOLE.among(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
