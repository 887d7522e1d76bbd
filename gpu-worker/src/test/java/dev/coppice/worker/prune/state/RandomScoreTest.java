package dev.coppice.worker.prune.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.compute.SplitMix64;
import dev.coppice.worker.model.DiagonalStates;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class RandomScoreTest {

    @Test
    void theSequenceIsThePublishedOneForSeed1234567() {
        assertThat(Long.toUnsignedString(SplitMix64.bits(1234567, 0))).isEqualTo("6457827717110365317");
        assertThat(Long.toUnsignedString(SplitMix64.bits(1234567, 1))).isEqualTo("3203168211198807973");
        assertThat(Long.toUnsignedString(SplitMix64.bits(1234567, 2))).isEqualTo("9817491932198370423");
    }

    @Test
    void theSequenceIsThatOfJavasSplittableRandomForSeed42() {
        SplittableRandom reference = new SplittableRandom(42);
        for (int i = 0; i < 100; i++) {
            assertThat(SplitMix64.uniform(42, i)).isEqualTo(reference.nextDouble());
        }
    }

    @Test
    void layersAndSeedsShareNoNumbersForSeeds0To9() {
        double[] all = new double[0];
        for (long seed = 0; seed < 10; seed++) {
            for (int layer = 0; layer < 8; layer++) {
                double[] own = StateScore.RANDOM.of(layer(layer, 100), seed);
                all = DoubleStream.concat(DoubleStream.of(all), DoubleStream.of(own))
                        .toArray();
            }
        }

        assertThat(DoubleStream.of(all).distinct().count()).isEqualTo(all.length);
        assertThat(DoubleStream.of(all).average().orElseThrow()).isBetween(0.48, 0.52);
    }

    private static DiagonalStates layer(int number, int states) {
        return new DiagonalStates(number, 1, new double[states], new double[states], new double[1][states]);
    }
}
