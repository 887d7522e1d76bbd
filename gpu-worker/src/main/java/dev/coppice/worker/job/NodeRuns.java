package dev.coppice.worker.job;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Which nodes, whose parents have been run, are run together. */
final class NodeRuns {

    private static final long MAX_STATE_BYTES = 1L << 30;

    private final int maxRows;
    private final StateBytes bytes;

    /**
     * Runs of at most {@code maxRows} rows.
     *
     * @param bytes of what the model remembers
     */
    NodeRuns(int maxRows, StateBytes bytes) {
        this.maxRows = maxRows;
        this.bytes = bytes;
    }

    /**
     * A node, and what it goes on from.
     *
     * @param parent number of its parent in the run before
     */
    record Branch(int parent, PrefixNode node) {}

    /**
     * Leaves in runs whose keys and values, those of the tokens before them included, take at most 1 GiB. A leaf that is larger,
     * or has more rows than a run may have, is a run by itself.
     */
    List<List<Branch>> ofLeaves(List<Branch> branches) {
        return collect(
                branches.stream().filter(branch -> branch.node().isLeaf()).toList(), node -> bytes.of(0, node.to()));
    }

    /**
     * Nodes with children in runs whose states, those of all nodes below them included, take at most 1 GiB. A larger one is a
     * run by itself.
     */
    List<List<Branch>> ofInner(List<Branch> branches) {
        return collect(
                branches.stream().filter(branch -> !branch.node().isLeaf()).toList(),
                node -> bytes.of(node.innerNodes(), node.innerTokens()));
    }

    private List<List<Branch>> collect(List<Branch> branches, ToLongFunction<PrefixNode> bytesOf) {
        List<List<Branch>> runs = new ArrayList<>();
        List<Branch> run = new ArrayList<>();
        long rows = 0;
        long total = 0;
        for (Branch branch : branches) {
            rows += branch.node().rows();
            total += bytesOf.applyAsLong(branch.node());
            if (!run.isEmpty() && (rows > maxRows || total > MAX_STATE_BYTES)) {
                runs.add(run);
                run = new ArrayList<>();
                rows = branch.node().rows();
                total = bytesOf.applyAsLong(branch.node());
            }
            run.add(branch);
        }
        if (!run.isEmpty()) {
            runs.add(run);
        }
        return runs;
    }
}
