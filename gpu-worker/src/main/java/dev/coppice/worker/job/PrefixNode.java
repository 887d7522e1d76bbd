package dev.coppice.worker.job;

import java.util.Arrays;
import java.util.List;

/**
 * Tokens that are run once for all requests whose inputs have them at these positions, after the same tokens.
 *
 * @param from first position
 * @param to position after the last
 * @param requests whose inputs have these tokens, or the first of them and then end; at least one
 * @param children what different requests go on with; empty for a leaf, else at least two
 * @param innerNodes nodes with children from this one down, itself included
 * @param innerTokens tokens from an input's beginning to the end of each of these, together
 */
record PrefixNode(
        int from, int to, List<PendingRequest> requests, List<PrefixNode> children, int innerNodes, long innerTokens) {

    static PrefixNode leaf(int from, int to, List<PendingRequest> requests) {
        return new PrefixNode(from, to, requests, List.of(), 0, 0);
    }

    static PrefixNode inner(int from, int to, List<PendingRequest> requests, List<PrefixNode> children) {
        int below = children.stream().mapToInt(PrefixNode::innerNodes).sum();
        long tokensBelow = children.stream().mapToLong(PrefixNode::innerTokens).sum();
        return new PrefixNode(from, to, requests, children, 1 + below, to + tokensBelow);
    }

    boolean isLeaf() {
        return children.isEmpty();
    }

    /** Number of its tokens. */
    int rows() {
        return to - from;
    }

    /** Its tokens. A leaf's longest request is its last one; any of an inner node's own has them all. */
    int[] tokens() {
        return Arrays.copyOfRange(requests.get(requests.size() - 1).input(), from, to);
    }
}
