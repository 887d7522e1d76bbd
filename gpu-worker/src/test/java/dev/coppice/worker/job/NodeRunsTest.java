package dev.coppice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.task.language.ScoringRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which nodes run together. */
class NodeRunsTest {

    private static final PrefixNode LEAF = leaf(1);

    private static final int MAX_ROWS = 2048;
    private static final StateBytes NOTHING = new StateBytes(0, 0);

    private static StateBytes states(long bytes) {
        return new StateBytes(bytes, 0);
    }

    private static NodeRuns runs(StateBytes bytes) {
        return new NodeRuns(MAX_ROWS, 1L << 30, bytes);
    }

    private static PrefixNode leaf(int rows) {
        PendingRequest request = new PendingRequest(0, 0, new ScoringRequest(new int[rows], new int[] {7}, 0));
        return PrefixNode.leaf(0, rows, List.of(request));
    }

    private static PrefixNode inner(int rows, PrefixNode... children) {
        return PrefixNode.inner(0, rows, leaf(rows).requests(), List.of(children));
    }

    private static List<NodeRuns.Branch> branches(PrefixNode... nodes) {
        return Arrays.stream(nodes).map(node -> new NodeRuns.Branch(0, node)).toList();
    }

    private static List<Integer> sizes(List<List<NodeRuns.Branch>> runs) {
        return runs.stream().map(List::size).toList();
    }

    @Test
    void runsEndBeforeTheirRowsPassTheLimit() {
        PrefixNode half = leaf(MAX_ROWS / 2);
        PrefixNode large = leaf(MAX_ROWS + 1);

        assertThat(sizes(runs(NOTHING).ofLeaves(branches(half, half, LEAF, large, LEAF))))
                .containsExactly(2, 1, 1, 1);
        assertThat(runs(NOTHING).ofLeaves(List.of())).isEmpty();
        PrefixNode stem = inner(MAX_ROWS / 2, LEAF, LEAF);
        assertThat(sizes(runs(states(1)).ofInner(branches(stem, stem, stem)))).containsExactly(2, 1);
    }

    @Test
    void leavesAndInnerNodesRunApart() {
        List<NodeRuns.Branch> mixed = branches(LEAF, inner(5, LEAF, LEAF), leaf(3));

        assertThat(runs(NOTHING).ofLeaves(mixed)).containsExactly(List.of(mixed.get(0), mixed.get(2)));
        assertThat(runs(states(1)).ofInner(mixed)).containsExactly(List.of(mixed.get(1)));
    }

    @Test
    void runsEndBeforeTheStatesOfAllNodesBelowPassAGibibyte() {
        PrefixNode one = inner(1, LEAF, LEAF);
        List<NodeRuns.Branch> five = branches(Collections.nCopies(5, one).toArray(PrefixNode[]::new));

        assertThat(sizes(runs(states(1L << 29)).ofInner(five))).containsExactly(2, 2, 1);
        assertThat(sizes(runs(states((1L << 29) + 1)).ofInner(five))).containsExactly(1, 1, 1, 1, 1);
        assertThat(sizes(runs(states(1L << 28)).ofInner(branches(inner(1, one, one), one, one))))
                .containsExactly(2, 1);
        assertThat(sizes(runs(states(1L << 30)).ofInner(branches(inner(1, one, one)))))
                .containsExactly(1);
    }

    /** A cache of 512 KiB a token has room for 2048 tokens. */
    @Test
    void keysAndValuesOfEveryTokenBeforeCountWhereThereIsACache() {
        StateBytes cache = new StateBytes(0, 1L << 19);
        PrefixNode late = PrefixNode.leaf(699, 700, LEAF.requests());
        PrefixNode[] leaves = {late, late, late};

        assertThat(sizes(runs(NOTHING).ofLeaves(branches(leaves)))).containsExactly(3);
        assertThat(sizes(runs(cache).ofLeaves(branches(leaves)))).containsExactly(2, 1);
        PrefixNode stem = PrefixNode.inner(
                0,
                500,
                LEAF.requests(),
                List.of(LEAF, PrefixNode.inner(500, 501, LEAF.requests(), List.of(LEAF, LEAF))));
        assertThat(stem.innerTokens()).isEqualTo(1001);
        assertThat(sizes(runs(cache).ofInner(branches(stem, stem, stem)))).containsExactly(2, 1);
    }
}
