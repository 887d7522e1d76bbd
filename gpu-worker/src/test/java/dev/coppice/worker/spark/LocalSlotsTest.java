package dev.coppice.worker.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalSlotsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "local; 1; 0; 1",
                "local[8]; 1; 0; 8",
                "local[8]; 2; 1; 4",
                "local[8]; 1; 3; 3",
                "local[4, 2]; 1; 2; 2",
                "local[2]; 4; 0; 1"
            })
    void jobsShareADevice(String master, int threads, int devices, int jobs) {
        assertThat(LocalSlots.onADevice(master, threads, devices)).isEqualTo(jobs);
    }

    @Test
    void aStarIsAllProcessors() {
        assertThat(LocalSlots.onADevice("local[*]", 1, 0))
                .isEqualTo(Runtime.getRuntime().availableProcessors());
    }
}
