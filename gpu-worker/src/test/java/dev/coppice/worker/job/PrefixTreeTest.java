package dev.coppice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coppice.worker.task.language.ScoringRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where inputs are cut, and that each of their tokens is run once. */
class PrefixTreeTest {

    private static PendingRequest request(int... input) {
        return new PendingRequest(0, 0, new ScoringRequest(input, new int[] {7}, 0));
    }

    private static List<PrefixNode> tree(int[]... inputs) {
        return PrefixTree.of(Arrays.stream(inputs).map(PrefixTreeTest::request).toList());
    }

    /** The tree as text: the tokens of a node, then its children in brackets. */
    private static String text(List<PrefixNode> nodes) {
        List<String> texts = new ArrayList<>();
        for (PrefixNode node : nodes) {
            texts.add(Arrays.toString(node.tokens()).replaceAll("[\\[\\],]", "")
                    + (node.isLeaf() ? "" : " (" + text(node.children()) + ")"));
        }
        return String.join(" | ", texts);
    }

    private static int rows(List<PrefixNode> nodes) {
        return nodes.stream()
                .mapToInt(node -> node.rows() + rows(node.children()))
                .sum();
    }

    @Test
    void whatInputsBeginWithIsCutOff() {
        int[] one = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        int[] other = {1, 2, 3, 4, 5, 6, 7, 8, 10, 11};

        assertThat(text(tree(other, one))).isEqualTo("1 2 3 4 5 6 7 8 (9 | 10 11)");
        assertThat(text(tree(new int[] {4, 5}, new int[] {5, 4}))).isEqualTo("4 5 | 5 4");
        assertThat(PrefixTree.of(List.of())).isEmpty();
    }

    /** Contexts of two documents begin alike, and so do two choices of one of them. */
    @Test
    void whatIsSharedMayBeSharedFurther() {
        int[][] inputs = {
            {1, 2, 3, 4, 5, 6, 7, 8, 20, 21, 22, 23, 24, 25, 26, 27, 30},
            {1, 2, 3, 4, 5, 6, 7, 8, 20, 21, 22, 23, 24, 25, 26, 27, 31},
            {1, 2, 3, 4, 5, 6, 7, 8, 50, 51},
        };

        List<PrefixNode> tree = tree(inputs);

        assertThat(text(tree)).isEqualTo("1 2 3 4 5 6 7 8 (20 21 22 23 24 25 26 27 (30 | 31) | 50 51)");
        assertThat(tree.get(0).innerNodes()).isEqualTo(2);
    }

    /** A fork costs the time of a few tokens: two inputs that share seven, and any number that share three, are not cut. */
    @Test
    void whatSavesTooLittleIsNotCutOff() {
        assertThat(text(tree(new int[] {1, 2, 3, 4, 5, 6, 7, 8}, new int[] {1, 2, 3, 4, 5, 6, 7, 9})))
                .isEqualTo("1 2 3 4 5 6 7 8 | 1 2 3 4 5 6 7 9");
        assertThat(text(tree(new int[] {1, 2, 3, 4}, new int[] {1, 2, 3, 5}, new int[] {1, 2, 3, 6})))
                .isEqualTo("1 2 3 4 | 1 2 3 5 | 1 2 3 6");
        assertThat(text(tree(new int[] {1, 2, 3, 4, 5}, new int[] {1, 2, 3, 4, 6}, new int[] {1, 2, 3, 4, 7})))
                .isEqualTo("1 2 3 4 (5 | 6 | 7)");
    }

    /** Three tokens are too few to share, but two of the inputs share more after them. */
    @Test
    void whatIsSharedByFewerIsLookedForBelow() {
        int[] stranger = {1, 2, 3, 9};
        int[] one = {1, 2, 3, 4, 5, 6, 7, 8, 10};
        int[] other = {1, 2, 3, 4, 5, 6, 7, 8, 11};

        assertThat(text(tree(stranger, one, other))).isEqualTo("1 2 3 4 5 6 7 8 (10 | 11) | 1 2 3 9");
    }

    @Test
    void anInputThatIsTheBeginningOfAnotherRidesOnIt() {
        assertThat(text(tree(new int[] {1, 2, 3}, new int[] {1, 2}, new int[] {1, 2, 3}, new int[] {1})))
                .isEqualTo("1 2 3");
        int[] one = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        int[] other = {1, 2, 3, 4, 5, 6, 7, 8, 10};
        assertThat(text(tree(new int[] {1, 2, 3}, Arrays.copyOf(one, 8), one, other)))
                .isEqualTo("1 2 3 4 5 6 7 8 (9 | 10)");
    }

    /** Mostly one token, so that inputs share beginnings of all lengths and are beginnings of each other. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void eachPositionOfEachRequestIsRunOnce(long seed) {
        Random random = new Random(seed);
        List<PendingRequest> requests = IntStream.range(0, 400)
                .mapToObj(i -> request(random.ints(1 + random.nextInt(25), 0, 8)
                        .map(token -> token / 7)
                        .toArray()))
                .toList();
        Map<PendingRequest, Integer> covered = new IdentityHashMap<>();

        List<PrefixNode> tree = PrefixTree.of(requests);

        cover(tree, 0, covered);
        for (PendingRequest request : requests) {
            assertThat(covered.get(request)).isEqualTo(request.input().length);
        }
        assertThat(rows(tree))
                .isLessThan(requests.stream()
                        .mapToInt(request -> request.input().length)
                        .sum());
    }

    private static void cover(List<PrefixNode> nodes, int from, Map<PendingRequest, Integer> covered) {
        for (PrefixNode node : nodes) {
            assertThat(node.from()).isEqualTo(from);
            for (PendingRequest request : node.requests()) {
                int end = Math.min(node.to(), request.input().length);
                assertThat(covered.getOrDefault(request, 0)).isEqualTo(from);
                assertThat(Arrays.mismatch(request.input(), from, end, node.tokens(), 0, end - from))
                        .isEqualTo(-1);
                covered.put(request, end);
            }
            assertThat(node.children().size()).isNotEqualTo(1);
            cover(node.children(), node.to(), covered);
        }
    }

    @Test
    void whatIsNoNumberIsReportedWithItsDocumentAndRequest() {
        PendingRequest pending = new PendingRequest(31, 2, new ScoringRequest(new int[] {1}, new int[] {2}, 0));

        assertThatExceptionOfType(NumericException.class)
                .isThrownBy(() -> pending.add(Float.NaN, false))
                .withMessageContaining("document 31, request 2, is NaN");
    }
}
