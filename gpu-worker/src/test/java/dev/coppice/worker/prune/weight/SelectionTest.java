package dev.coppice.worker.prune.weight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The smallest scores of a run are those of a stable sort. */
class SelectionTest {

    private static final int LENGTH = 777;
    private static final int FROM = 5;

    static Stream<Arguments> scores() {
        Random random = new Random(1);
        return Stream.of(
                scores("random", i -> random.nextFloat()),
                scores("many ties", i -> random.nextInt(4)),
                scores("all zero", i -> 0),
                scores("all the largest", i -> Float.MAX_VALUE),
                scores("rising", i -> i),
                scores("falling", i -> LENGTH - i),
                scores("zeros, subnormal and large", i -> Math.scalb(random.nextInt(3), random.nextInt(250) - 149)));
    }

    private static Arguments scores(String name, IntToDoubleFunction at) {
        float[] scores = new float[FROM + LENGTH + 3];
        for (int i = FROM; i < FROM + LENGTH; i++) {
            scores[i] = (float) at.applyAsDouble(i - FROM);
        }
        return Arguments.of(name, scores);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scores")
    void theFirstOfAStableSortAreMarked(String name, float[] scores) {
        int[] sorted = IntStream.range(FROM, FROM + LENGTH)
                .boxed()
                .sorted(Comparator.comparing(i -> scores[i]))
                .mapToInt(i -> i)
                .toArray();
        for (int count : new int[] {0, 1, 2, LENGTH / 3, LENGTH / 2, LENGTH - 1, LENGTH}) {
            boolean[] expected = new boolean[scores.length];
            for (int i = 0; i < count; i++) {
                expected[sorted[i]] = true;
            }
            boolean[] marks = new boolean[scores.length];

            Selection.smallest(scores, FROM, LENGTH, count, new int[LENGTH], marks);

            assertThat(marks).as("%s, %d", name, count).isEqualTo(expected);
        }
    }

    @Test
    void marksThatAreThereStay() {
        boolean[] marks = {true, false, false};

        Selection.smallest(new float[] {3, 1, 2}, 0, 3, 1, new int[3], marks);

        assertThat(marks).containsExactly(true, true, false);
    }
}
