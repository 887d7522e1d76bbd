package dev.coppice.worker.job;

import dev.coppice.worker.task.language.RequestScore;
import dev.coppice.worker.task.language.ScoringRequest;
import dev.coppice.worker.task.language.TokenDocument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A document cut where its requests part: their longest common beginning is run once, and only the rests for each. A
 * document of one request is all stem.
 *
 * @param stem tokens that all inputs begin with; may be none
 * @param requests in the document's order
 */
record ForkedDocument(int[] stem, List<ForkedRequest> requests) {

    /** Cuts {@code document}. */
    static ForkedDocument of(TokenDocument document) {
        List<ScoringRequest> requests = document.requests();
        int[] first = requests.isEmpty() ? new int[0] : requests.get(0).input(); // (L); a blank page asks nothing
        int stem = first.length;
        for (ScoringRequest request : requests) {
            int parting = Arrays.mismatch(first, 0, stem, request.input(), 0, Math.min(stem, request.input().length));
            stem = parting < 0 ? stem : parting;
        }
        List<ForkedRequest> forked = new ArrayList<>(requests.size());
        for (int r = 0; r < requests.size(); r++) {
            forked.add(new ForkedRequest(document.index(), r, requests.get(r), stem));
        }
        return new ForkedDocument(Arrays.copyOf(first, stem), List.copyOf(forked));
    }

    /** Rows of all its branches. */
    long branchRows() {
        return requests.stream().mapToLong(ForkedRequest::branchLength).sum();
    }

    /** What its requests got, in their order. */
    List<RequestScore> scores() {
        return requests.stream().map(ForkedRequest::result).toList();
    }
}
