package dev.coppice.worker.job;

import java.util.ArrayList;
import java.util.List;

/** Which nodes, whose parents have been run, are run together. */
final class NodeRuns {

    static final int MAX_ROWS = 2048;
    private static final long MAX_STATE_BYTES = 1L << 30;

    private NodeRuns() {}

    /**
     * A node, and what it goes on from.
     *
     * @param parent number of its parent in the run before
     */
    record Branch(int parent, PrefixNode node) {}

    /** Leaves in runs of at most {@value #MAX_ROWS} rows; a longer one is a run by itself. */
    static List<List<Branch>> ofLeaves(List<Branch> branches) {
        return collect(
                branches.stream().filter(branch -> branch.node().isLeaf()).toList(), 0);
    }

    /**
     * Nodes with children in runs of at most {@value #MAX_ROWS} rows, whose states, those of all nodes below them included,
     * take at most 1 GiB. A larger one is a run by itself.
     *
     * @param stateBytes of one sequence
     */
    static List<List<Branch>> ofInner(List<Branch> branches, long stateBytes) {
        return collect(
                branches.stream().filter(branch -> !branch.node().isLeaf()).toList(), stateBytes);
    }

    private static List<List<Branch>> collect(List<Branch> branches, long stateBytes) {
        List<List<Branch>> runs = new ArrayList<>();
        List<Branch> run = new ArrayList<>();
        long rows = 0;
        long states = 0;
        for (Branch branch : branches) {
            rows += branch.node().rows();
            states += branch.node().innerNodes();
            if (!run.isEmpty() && (rows > MAX_ROWS || states * stateBytes > MAX_STATE_BYTES)) {
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
