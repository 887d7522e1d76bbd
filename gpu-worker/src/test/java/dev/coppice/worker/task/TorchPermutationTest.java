package dev.coppice.worker.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.results.Sha256;
import dev.coppice.worker.task.data.TorchPermutation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Against what torch.randperm of PyTorch 2.11 printed on a processor. */
class TorchPermutationTest {

    @Test
    void twentyNumbersOfSeed42() {
        assertThat(TorchPermutation.of(20, 42))
                .containsExactly(2, 14, 18, 15, 1, 10, 0, 4, 6, 11, 8, 3, 7, 17, 13, 12, 19, 5, 16, 9);
    }

    /** As many as Pathfinder has pictures; the hash is of a number a line. */
    @Test
    void twoHundredThousandNumbersOfSeed42() {
        int[] permutation = TorchPermutation.of(200_000, 42);
        MessageDigest digest = Sha256.digest();
        for (int number : permutation) {
            digest.update((number + "\n").getBytes(StandardCharsets.US_ASCII));
        }

        assertThat(Arrays.copyOf(permutation, 5)).containsExactly(37542, 143173, 127710, 58234, 152906);
        assertThat(HexFormat.of().formatHex(digest.digest()))
                .isEqualTo("a16b89a911765e5d1aaec5b3c69fbf8cfea57fe0387ae3f62d47be81df14f988");
    }

    @Test
    void noneAndOne() {
        assertThat(TorchPermutation.of(0, 42)).isEmpty();
        assertThat(TorchPermutation.of(1, 42)).containsExactly(0);
    }
}
