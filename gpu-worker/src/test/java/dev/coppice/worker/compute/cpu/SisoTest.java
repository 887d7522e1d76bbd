package dev.coppice.worker.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.SisoParameters;
import dev.coppice.worker.compute.TestBackend;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operation over batches and any number of channels, against plain loops; layers from seed 21, inputs from 22. */
class SisoTest {

    private final Compute compute = TestBackend.open(2);

    @AfterEach
    void close() {
        compute.close();
    }

    /** Channels of 0 to {@code most} states, the last one full. */
    private static SisoParameters layer(int channels, int most, int directions) {
        int[] states = new int[channels];
        Arrays.setAll(states, h -> h == channels - 1 ? most : h * 7 % (most + 1));
        return PlainSiso.random(states, directions, 21);
    }

    private static float[] run(Compute lane, SisoParameters layer, float[] u, int sequences, int prepared) {
        int steps = u.length / sequences / layer.channels();
        try (Scope scope = lane.scope()) {
            return lane.download(
                    lane.siso(lane.prepare(layer, prepared), lane.tensor(u, sequences, steps, layer.channels())));
        }
    }

    @ParameterizedTest(name = "seeds 21, 22: {0} sequences, {1} steps, {2} channels, {3} states, {4} directions")
    @CsvSource({
        "1, 1, 1, 1, 1",
        "2, 5, 3, 2, 2",
        "3, 33, 16, 4, 1",
        "2, 100, 17, 32, 2",
        "1, 70, 47, 20, 1",
        "2, 64, 33, 1, 2",
        "2, 300, 64, 32, 2",
        "4, 7, 5, 0, 2"
    })
    void isThePlainLoop(int sequences, int steps, int channels, int most, int directions) {
        SisoParameters layer = layer(channels, most, directions);
        int each = steps * channels;
        float[] u = PlainSiso.normal(sequences * each, 22);

        float[] y = run(compute, layer, u, sequences, steps + 3);

        for (int sequence = 0; sequence < sequences; sequence++) {
            float[] its = Arrays.copyOfRange(u, sequence * each, (sequence + 1) * each);
            double[] expected = PlainSiso.run(layer, its, steps, channels);
            for (int i = 0; i < each; i++) {
                assertThat((double) y[sequence * each + i]).isCloseTo(expected[i], within(2e-5));
            }
        }
    }

    @Test
    void resultsAreTheSameBitsInAnyBatchAndOnAnyLane() {
        SisoParameters layer = layer(40, 32, 2);
        int each = 200 * 40;
        float[] u = PlainSiso.normal(3 * each, 22);
        float[] second = Arrays.copyOfRange(u, each, 2 * each);

        float[] alone = run(compute, layer, second, 1, 200);
        float[][] onLanes = new float[6][];
        compute.parallel(6, (piece, lane) -> onLanes[piece] = run(lane, layer, second, 1, 200));

        assertThat(Arrays.copyOfRange(run(compute, layer, u, 3, 200), each, 2 * each))
                .isEqualTo(alone);
        for (float[] y : onLanes) {
            assertThat(y).isEqualTo(alone);
        }
    }

    @Test
    void refusesMoreStepsOrOtherChannelsThanPrepared() {
        SisoParameters layer = layer(3, 2, 1);

        assertThatThrownBy(() -> run(compute, layer, new float[5 * 3], 1, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("u has 5 steps of 3 channels, expected 3 channels and at most 4 steps");
        try (Scope scope = compute.scope()) {
            assertThatThrownBy(() -> compute.siso(compute.prepare(layer, 4), compute.tensor(new float[8], 1, 2, 4)))
                    .hasMessageContaining("2 steps of 4 channels");
        }
    }
}
