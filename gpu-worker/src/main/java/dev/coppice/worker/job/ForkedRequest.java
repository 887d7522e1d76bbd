package dev.coppice.worker.job;

import dev.coppice.worker.task.language.RequestScore;
import dev.coppice.worker.task.language.ScoringRequest;
import java.util.Arrays;

/** A request whose input is a stem that it shares with its document's other requests, and a branch of its own; and its score so far. */
final class ForkedRequest {

    private final int document;
    private final int number;
    private final ScoringRequest request;
    private final int stem;
    private double logProbability;
    private boolean greedy = true;

    /**
     * A request without a score.
     *
     * @param document number of its document in the data
     * @param number its place among the document's requests, from 0
     * @param stem tokens of the input that are the stem
     */
    ForkedRequest(int document, int number, ScoringRequest request, int stem) {
        this.document = document;
        this.number = number;
        this.request = request;
        this.stem = stem;
    }

    /** Number of its document in the data. */
    int document() {
        return document;
    }

    /** Input tokens after the stem; may be none. */
    int[] branch() {
        return Arrays.copyOfRange(request.input(), stem, request.input().length);
    }

    /** Length of {@link #branch}. */
    int branchLength() {
        return request.input().length - stem;
    }

    /** Lists those of its targets that positions of the stem predict. */
    void scoreStem(int firstRow, ScoredRows scored) {
        score(0, stem, firstRow, scored);
    }

    /** Lists those of its targets that positions of the branch predict. */
    void scoreBranch(int firstRow, ScoredRows scored) {
        score(stem, request.input().length, firstRow, scored);
    }

    /** Positions {@code from} to {@code to} of the input lie in the rows from {@code firstRow} on. */
    private void score(int from, int to, int firstRow, ScoredRows scored) {
        int firstScored = request.firstScored();
        for (int position = Math.max(from, firstScored); position < to; position++) {
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
