package dev.coppice.worker.job;

import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.TokenScores;
import dev.coppice.worker.model.language.LoadedLanguageModel;
import java.util.ArrayList;
import java.util.List;

/** Rows of one hidden tensor whose next tokens are scored, each for a request. Several requests may score the same row. */
final class ScoredRows {

    private final List<Row> rows = new ArrayList<>();

    private record Row(PendingRequest owner, int row, int target) {}

    /** Has {@code target} scored at {@code row}; each request's in the order of their positions. */
    void add(PendingRequest owner, int row, int target) {
        rows.add(new Row(owner, row, target));
    }

    /**
     * Scores them all, and adds each to its request.
     *
     * @param hidden what the head reads, (R, D)
     * @throws NumericException when a log-probability is NaN or infinite
     */
    void score(LoadedLanguageModel model, Tensor hidden) {
        if (rows.isEmpty()) {
            return;
        }
        TokenScores scores = model.score(
                hidden,
                rows.stream().mapToInt(Row::row).toArray(),
                rows.stream().mapToInt(Row::target).toArray());
        for (int i = 0; i < rows.size(); i++) {
            rows.get(i).owner().add(scores.logProbability()[i], scores.greedy()[i]);
        }
    }
}
