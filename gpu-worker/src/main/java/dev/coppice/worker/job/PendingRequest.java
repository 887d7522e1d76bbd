package dev.coppice.worker.job;

import dev.coppice.worker.task.language.RequestScore;
import dev.coppice.worker.task.language.ScoringRequest;

/** A request, and its score so far. */
final class PendingRequest {

    private final int document;
    private final int number;
    private final ScoringRequest request;
    private double logProbability;
    private boolean greedy = true;

    /**
     * A request without a score.
     *
     * @param document number of its document in the data
     * @param number its place among the document's requests, from 0
     */
    PendingRequest(int document, int number, ScoringRequest request) {
        this.document = document;
        this.number = number;
        this.request = request;
    }

    /** What the model is fed (L); not to be changed. */
    int[] input() {
        return request.input();
    }

    /**
     * Lists those of its targets that the positions {@code from} to {@code to} of its input predict, as far as it reaches.
     *
     * @param firstRow where position {@code from} lies
     */
    void score(int from, int to, int firstRow, ScoredRows scored) {
        int firstScored = request.firstScored();
        for (int position = Math.max(from, firstScored); position < Math.min(to, request.input().length); position++) {
            scored.add(this, firstRow + position - from, request.targets()[position - firstScored]);
        }
    }

    /**
     * Counts in the next of its targets.
     *
     * @throws NumericException when {@code ownLogProbability} is NaN or infinite
     */
    void add(float ownLogProbability, boolean ownGreedy) {
        if (!Float.isFinite(ownLogProbability)) {
            throw new NumericException("the log-probability of a token of document " + document + ", request " + number
                    + ", is " + ownLogProbability
                    + ". A state may grow without bound: look at the model's weights, and at its precision");
        }
        logProbability += ownLogProbability;
        greedy &= ownGreedy;
    }

    /** Its score, once all targets are counted in. */
    RequestScore result() {
        return new RequestScore(logProbability, greedy);
    }
}
