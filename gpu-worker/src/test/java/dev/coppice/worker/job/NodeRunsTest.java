package dev.coppice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.task.language.ScoringRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which nodes run together. */
class NodeRunsTest {

    private static final int MAX_ROWS = 2048;
    private static final NodeRuns RUNS = new NodeRuns(MAX_ROWS);

    private static final PrefixNode LEAF = leaf(1);

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

        assertThat(sizes(RUNS.ofLeaves(branches(half, half, LEAF, large, LEAF))))
                .containsExactly(2, 1, 1, 1);
        assertThat(RUNS.ofLeaves(List.of())).isEmpty();
        PrefixNode stem = inner(MAX_ROWS / 2, LEAF, LEAF);
        assertThat(sizes(RUNS.ofInner(branches(stem, stem, stem), 1))).containsExactly(2, 1);
    }

    @Test
    void leavesAndInnerNodesRunApart() {
        List<NodeRuns.Branch> mixed = branches(LEAF, inner(5, LEAF, LEAF), leaf(3));

        assertThat(RUNS.ofLeaves(mixed)).containsExactly(List.of(mixed.get(0), mixed.get(2)));
        assertThat(RUNS.ofInner(mixed, 1)).containsExactly(List.of(mixed.get(1)));
    }

    @Test
    void runsEndBeforeTheStatesOfAllNodesBelowPassAGibibyte() {
        PrefixNode one = inner(1, LEAF, LEAF);
        List<NodeRuns.Branch> five = branches(Collections.nCopies(5, one).toArray(PrefixNode[]::new));

        assertThat(sizes(RUNS.ofInner(five, 1L << 29))).containsExactly(2, 2, 1);
        assertThat(sizes(RUNS.ofInner(five, (1L << 29) + 1))).containsExactly(1, 1, 1, 1, 1);
        assertThat(sizes(RUNS.ofInner(branches(inner(1, one, one), one, one), 1L << 28)))
                .containsExactly(2, 1);
        assertThat(sizes(RUNS.ofInner(branches(inner(1, one, one)), 1L << 30))).containsExactly(1);
    }
}
