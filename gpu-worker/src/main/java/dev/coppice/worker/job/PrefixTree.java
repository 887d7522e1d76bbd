package dev.coppice.worker.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Cuts the inputs of requests where they part, so that what several begin with is run once: the context of a document's
 * choices, the words that some of these begin with, and what the contexts of different documents begin with.
 */
final class PrefixTree {

    /**
     * Least tokens of a node with children, and least tokens of requests that it saves. Each child begins by reading the state
     * that the node wrote, which costs as much as a few tokens.
     */
    private static final int LEAST_ROWS = 4;

    private static final int LEAST_SAVED = 8;

    private final List<PendingRequest> sorted;

    private PrefixTree(List<PendingRequest> sorted) {
        this.sorted = sorted;
    }

    /** The nodes that the inputs begin with, and by these all others; in the order of their tokens. */
    static List<PrefixNode> of(List<PendingRequest> requests) {
        List<PendingRequest> sorted = new ArrayList<>(requests);
        sorted.sort(Comparator.comparing(PendingRequest::input, Arrays::compare));
        List<PrefixNode> roots = new ArrayList<>();
        new PrefixTree(sorted).part(0, sorted.size(), 0, 0, List.of(), roots);
        return roots;
    }

    /**
     * Nodes for the requests {@code first} to {@code last} (exclusive), whose inputs share their first {@code shared} tokens.
     *
     * @param from end of the node before them
     * @param riders requests that end in what they share, and in no node yet
     */
    private void part(int first, int last, int from, int shared, List<PendingRequest> riders, List<PrefixNode> nodes) {
        int next = first;
        while (next < last && length(next) == shared) {
            next++;
        }
        // where nothing has been cut off, those that end here have their tokens in the node before
        List<PendingRequest> ended = from == shared ? List.of() : joined(riders, first, next);
        if (next == last && !ended.isEmpty()) {
            nodes.add(PrefixNode.leaf(from, shared, ended));
        }
        while (next < last) {
            int end = endOfAlike(next, last, shared);
            node(next, end, from, ended, nodes);
            ended = List.of();
            next = end;
        }
    }

    /** A node for requests that share a token after {@code from}, or several where they share too little. */
    private void node(int first, int last, int from, List<PendingRequest> riders, List<PrefixNode> nodes) {
        int shared = sharedLength(first, last - 1);
        List<PendingRequest> requests = joined(riders, first, last);
        int longer = first;
        while (longer < last && length(longer) == shared) {
            longer++;
        }
        if (longer == last) {
            nodes.add(PrefixNode.leaf(from, shared, requests));
        } else if (endOfAlike(longer, last, shared) == last) { // the shorter ones ride on the only way there is
            node(longer, last, from, joined(riders, first, longer), nodes);
        } else if (shared - from >= LEAST_ROWS && (last - first - 1) * (shared - from) >= LEAST_SAVED) {
            List<PrefixNode> children = new ArrayList<>();
            part(first, last, shared, shared, List.of(), children);
            nodes.add(PrefixNode.inner(from, shared, requests, children));
        } else {
            part(first, last, from, shared, riders, nodes);
        }
    }

    private List<PendingRequest> joined(List<PendingRequest> riders, int first, int last) {
        List<PendingRequest> all = new ArrayList<>(riders);
        all.addAll(sorted.subList(first, last));
        return all;
    }

    private int length(int request) {
        return sorted.get(request).input().length;
    }

    /** End of the requests that have the same token at {@code position} as the first of them. */
    private int endOfAlike(int first, int last, int position) {
        int token = sorted.get(first).input()[position];
        int end = first + 1;
        while (end < last && sorted.get(end).input()[position] == token) {
            end++;
        }
        return end;
    }

    /** Tokens that two inputs, and in their order all between them, begin with. */
    private int sharedLength(int one, int other) {
        int parting = Arrays.mismatch(sorted.get(one).input(), sorted.get(other).input());
        return parting < 0 ? length(one) : parting;
    }
}
