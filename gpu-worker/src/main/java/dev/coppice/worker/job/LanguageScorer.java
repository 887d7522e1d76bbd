package dev.coppice.worker.job;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.language.LanguageState;
import dev.coppice.worker.model.language.LoadedLanguageModel;
import dev.coppice.worker.model.language.TokenBatch;
import dev.coppice.worker.task.language.RequestScore;
import dev.coppice.worker.task.language.TokenDocument;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores documents with a language model. What a document's requests have in common is run once, and each request goes on
 * from the state after it; sequences are packed without padding. Scores are those of every request run alone, up to float32
 * rounding.
 */
public final class LanguageScorer {

    private final LoadedLanguageModel model;
    private final Compute compute;
    private final Deadline deadline;
    private final long stateBytes;
    private long computedTokens;

    /**
     * A scorer on the device that {@code model} is on.
     *
     * @param deadline asked between batches
     * @param stateBytes device memory of one sequence's state
     */
    public LanguageScorer(LoadedLanguageModel model, Compute compute, Deadline deadline, long stateBytes) {
        this.model = model;
        this.compute = compute;
        this.deadline = deadline;
        this.stateBytes = stateBytes;
    }

    /**
     * Scores all requests.
     *
     * @return for each document, in their order, the scores of its requests, in theirs
     * @throws NumericException when a log-probability is NaN or infinite
     */
    public List<List<RequestScore>> score(List<TokenDocument> documents) {
        List<ForkedDocument> forked = documents.stream().map(ForkedDocument::of).toList();
        for (ForkedBatch batch : ForkedBatch.collect(forked, stateBytes)) {
            deadline.check();
            try (Scope scope = compute.scope()) {
                run(batch);
            }
        }
        return forked.stream().map(ForkedDocument::scores).toList();
    }

    /** Tokens that went through the model so far, shared beginnings counted once. */
    public long computedTokens() {
        return computedTokens;
    }

    private void run(ForkedBatch batch) {
        List<List<ForkedBatch.Branch>> branches = batch.branches();
        LanguageState states = batch.stemRows() == 0 ? null : runStems(batch, !branches.isEmpty());
        for (List<ForkedBatch.Branch> some : branches) {
            deadline.check();
            try (Scope scope = compute.scope()) {
                runBranches(some, states);
            }
        }
    }

    /** The states after the stems, where branches go on from them. */
    private @Nullable LanguageState runStems(ForkedBatch batch, boolean branched) {
        TokenBatch stems = TokenBatch.of(batch.stems());
        computedTokens += stems.ids().length;
        Tensor hidden;
        LanguageState states = null;
        if (branched) {
            LoadedLanguageModel.Forward forward = model.forward(stems, Observer.NONE);
            hidden = forward.hidden();
            states = forward.state();
        } else {
            hidden = model.hidden(stems, Observer.NONE);
        }
        ScoredRows scored = new ScoredRows();
        for (int d = 0; d < batch.documents().size(); d++) {
            for (ForkedRequest request : batch.documents().get(d).requests()) {
                request.scoreStem(stems.segments().start(d), scored);
            }
        }
        scored.score(model, hidden);
        return states;
    }

    private void runBranches(List<ForkedBatch.Branch> branches, @Nullable LanguageState states) {
        TokenBatch rests = TokenBatch.of(
                branches.stream().map(branch -> branch.request().branch()).toArray(int[][]::new));
        computedTokens += rests.ids().length;
        Segments segments = rests.segments();
        int[] parents = branches.stream().mapToInt(ForkedBatch.Branch::stem).toArray();
        TokenBatch continued = states == null
                ? rests
                : new TokenBatch(rests.ids(), segments, new TokenBatch.Continuation(states, parents));
        Tensor hidden = model.hidden(continued, Observer.NONE);
        ScoredRows scored = new ScoredRows();
        for (int b = 0; b < branches.size(); b++) {
            branches.get(b).request().scoreBranch(segments.start(b), scored);
        }
        scored.score(model, hidden);
    }
}
