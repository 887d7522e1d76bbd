package dev.coppice.worker.job;

import java.util.ArrayList;
import java.util.List;

/** Which nodes, whose parents have been run, are run together. */
final class NodeRuns {

    private static final long MAX_STATE_BYTES = 1L << 30;

    private final int maxRows;

    /** Runs of at most {@code maxRows} rows. */
    NodeRuns(int maxRows) {
        this.maxRows = maxRows;
    }

    /**
     * A node, and what it goes on from.
     *
     * @param parent number of its parent in the run before
     */
    record Branch(int parent, PrefixNode node) {}

    /** Leaves in runs; one of more rows than a run may have is a run by itself. */
    List<List<Branch>> ofLeaves(List<Branch> branches) {
        return collect(
                branches.stream().filter(branch -> branch.node().isLeaf()).toList(), 0);
    }

    /**
     * Nodes with children in runs whose states, those of all nodes below them included, take at most 1 GiB. A larger one is a
     * run by itself.
     *
     * @param stateBytes of one sequence
     */
    List<List<Branch>> ofInner(List<Branch> branches, long stateBytes) {
        return collect(
                branches.stream().filter(branch -> !branch.node().isLeaf()).toList(), stateBytes);
    }

    private List<List<Branch>> collect(List<Branch> branches, long stateBytes) {
        List<List<Branch>> runs = new ArrayList<>();
        List<Branch> run = new ArrayList<>();
        long rows = 0;
        long states = 0;
        for (Branch branch : branches) {
            rows += branch.node().rows();
            states += branch.node().innerNodes();
            if (!run.isEmpty() && (rows > maxRows || states * stateBytes > MAX_STATE_BYTES)) {
                runs.add(run);
                run = new ArrayList<>();
                rows = branch.node().rows();
                states = branch.node().innerNodes();
            }
            run.add(branch);
        }
        if (!run.isEmpty()) {
            runs.add(run);
        }
        return runs;
    }
}
