package dev.coppice.worker.job;

import dev.coppice.worker.compute.Compute;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Which nodes, whose parents have been run, are run together. */
final class NodeRuns {

    private static final long LEAST_STATE_BYTES = 1L << 30;
    private static final int MEMORY_TO_STATES = 8;

    private final int maxRows;
    private final long maxBytes;
    private final StateBytes bytes;

    /**
     * Runs of bounded size.
     *
     * @param maxRows rows of a run
     * @param maxBytes of what the model remembers of a run
     * @param bytes of what it remembers of a sequence
     */
    NodeRuns(int maxRows, long maxBytes, StateBytes bytes) {
        this.maxRows = maxRows;
        this.maxBytes = maxBytes;
        this.bytes = bytes;
    }

    /** Runs that suit the device: 1 GiB is remembered, or an eighth of the device's own memory where that is more. */
    static NodeRuns of(Compute compute, StateBytes bytes) {
        Long memory = compute.device().memoryBytes();
        long maxBytes = Math.max(LEAST_STATE_BYTES, memory == null ? 0 : memory / MEMORY_TO_STATES);
        return new NodeRuns(compute.language().preferredRows(), maxBytes, bytes);
    }

    /**
     * A node, and what it goes on from.
     *
     * @param parent number of its parent in the run before
     */
    record Branch(int parent, PrefixNode node) {}

    /**
     * Leaves in runs whose keys and values, those of the tokens before them included, stay within the bound. A leaf that is larger,
     * or has more rows than a run may have, is a run by itself.
     */
    List<List<Branch>> ofLeaves(List<Branch> branches) {
        return collect(
                branches.stream().filter(branch -> branch.node().isLeaf()).toList(), node -> bytes.of(0, node.to()));
    }

    /**
     * Nodes with children in runs whose states, those of all nodes below them included, stay within the bound. A larger one is a
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
            if (!run.isEmpty() && (rows > maxRows || total > maxBytes)) {
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
