package dev.coppice.worker.task.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowsTest {

    private static final int PREFIX = 99;

    /** The drawing in {@link Windows#rolling}: letters a to j are 0 to 9. */
    @Test
    void rollingWindowsAreThoseOfTheirDrawing() {
        List<ScoringRequest> windows = Windows.rolling(tokens(10), PREFIX, 4).toList();

        assertThat(windows).hasSize(3);
        assertThat(windows.get(0).input()).containsExactly(PREFIX, 0, 1, 2);
        assertThat(windows.get(0).targets()).containsExactly(0, 1, 2, 3);
        assertThat(windows.get(1).input()).containsExactly(3, 4, 5, 6);
        assertThat(windows.get(1).targets()).containsExactly(4, 5, 6, 7);
        assertThat(windows.get(2).input()).containsExactly(5, 6, 7, 8);
        assertThat(windows.get(2).targets()).containsExactly(8, 9);
        assertThat(windows.get(2).firstScored()).isEqualTo(2);
    }

    @Test
    void everyTokenIsPredictedOnceByTheOneBeforeIt() {
        for (int length = 0; length <= 12; length++) {
            for (int limit = 1; limit <= 5; limit++) {
                List<Integer> predicted = new ArrayList<>();
                for (ScoringRequest window :
                        Windows.rolling(tokens(length), PREFIX, limit).toList()) {
                    assertThat(window.input().length).isBetween(window.targets().length, limit);
                    for (int t = 0; t < window.targets().length; t++) {
                        int target = window.targets()[t];
                        assertThat(window.input()[window.firstScored() + t])
                                .isEqualTo(target == 0 ? PREFIX : target - 1);
                        predicted.add(target);
                    }
                }
                assertThat(predicted)
                        .containsExactlyElementsOf(
                                IntStream.range(0, length).boxed().toList());
            }
        }
    }

    @Test
    void disjointWindowsDropTheRest() {
        List<ScoringRequest> windows = Windows.disjoint(tokens(9), 4).toList();

        assertThat(windows).hasSize(2);
        assertThat(windows.get(1).input()).containsExactly(4, 5, 6);
        assertThat(windows.get(1).targets()).containsExactly(5, 6, 7);
        assertThat(Windows.disjoint(tokens(3), 4)).isEmpty();
    }

    private static int[] tokens(int length) {
        return IntStream.range(0, length).toArray();
    }
}
