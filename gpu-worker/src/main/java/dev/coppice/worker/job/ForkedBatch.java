package dev.coppice.worker.job;

import java.util.ArrayList;
import java.util.List;

/**
 * Documents whose stems are run together, then their branches.
 *
 * @param documents in the data's order, at least one
 */
record ForkedBatch(List<ForkedDocument> documents) {

    static final int MAX_ROWS = 2048;
    private static final long MAX_STATE_BYTES = 1L << 30;

    /**
     * A branch, and what it goes on from.
     *
     * @param stem which document of the batch
     * @param request whose branch
     */
    record Branch(int stem, ForkedRequest request) {}

    /**
     * Collects documents, in their order, into batches of at most {@value #MAX_ROWS} rows of stems and as many of branches,
     * whose states take at most 1 GiB. A document that is larger by itself has a batch of its own.
     *
     * @param stateBytes of one sequence
     */
    static List<ForkedBatch> collect(List<ForkedDocument> documents, long stateBytes) {
        List<ForkedBatch> batches = new ArrayList<>();
        int from = 0;
        while (from < documents.size()) {
            long stemRows = documents.get(from).stem().length;
            long branchRows = documents.get(from).branchRows();
            int to = from + 1;
            while (to < documents.size() && (to + 1 - from) * stateBytes <= MAX_STATE_BYTES) {
                stemRows += documents.get(to).stem().length;
                branchRows += documents.get(to).branchRows();
                if (stemRows > MAX_ROWS || branchRows > MAX_ROWS) {
                    break;
                }
                to++;
            }
            batches.add(new ForkedBatch(documents.subList(from, to)));
            from = to;
        }
        return batches;
    }

    /** The stems, (documents), each (L). */
    int[][] stems() {
        return documents.stream().map(ForkedDocument::stem).toArray(int[][]::new);
    }

    /** Rows of all stems. */
    long stemRows() {
        return documents.stream().mapToLong(document -> document.stem().length).sum();
    }

    /**
     * The branches that are not empty, in runs of at most {@value #MAX_ROWS} rows; a longer branch is a run by itself. There
     * is more than one run only in a batch of one large document.
     */
    List<List<Branch>> branches() {
        List<List<Branch>> runs = new ArrayList<>();
        List<Branch> run = new ArrayList<>();
        long rows = 0;
        for (int d = 0; d < documents.size(); d++) {
            for (ForkedRequest request : documents.get(d).requests()) {
                if (request.branchLength() > 0) {
                    if (rows + request.branchLength() > MAX_ROWS && !run.isEmpty()) {
                        runs.add(run);
                        run = new ArrayList<>();
                        rows = 0;
                    }
                    run.add(new Branch(d, request));
                    rows += request.branchLength();
                }
            }
        }
        if (!run.isEmpty()) {
            runs.add(run);
        }
        return runs;
    }
}
