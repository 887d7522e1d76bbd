package dev.coppice.worker.job;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.job.NodeRuns.Branch;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.language.LanguageState;
import dev.coppice.worker.model.language.LoadedLanguageModel;
import dev.coppice.worker.model.language.TokenBatch;
import dev.coppice.worker.task.language.RequestScore;
import dev.coppice.worker.task.language.TokenDocument;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores documents with a language model. What several requests begin with, be they of one document or of several, is run
 * once, and each goes on from the state after it; sequences are packed without padding. Scores are those of every request run
 * alone, up to float32 rounding.
 */
public final class LanguageScorer {

    private final LoadedLanguageModel model;
    private final Compute compute;
    private final Deadline deadline;
    private final NodeRuns runs;
    private long computedTokens;

    /**
     * A scorer on the device that {@code model} is on.
     *
     * @param deadline asked between batches
     * @param stateBytes device memory of the model's states
     */
    public LanguageScorer(LoadedLanguageModel model, Compute compute, Deadline deadline, StateBytes stateBytes) {
        this.model = model;
        this.compute = compute;
        this.deadline = deadline;
        runs = NodeRuns.of(compute, stateBytes);
    }

    /**
     * Scores all requests.
     *
     * @return for each document, in their order, the scores of its requests, in theirs
     * @throws NumericException when a log-probability is NaN or infinite
     */
    public List<List<RequestScore>> score(List<TokenDocument> documents) {
        List<List<PendingRequest>> pending = new ArrayList<>(documents.size());
        for (TokenDocument document : documents) {
            List<PendingRequest> own = new ArrayList<>();
            for (int r = 0; r < document.requests().size(); r++) {
                own.add(new PendingRequest(
                        document.index(), r, document.requests().get(r)));
            }
            pending.add(own);
        }
        List<PendingRequest> all = pending.stream().flatMap(List::stream).toList();
        run(branches(PrefixTree.of(all), 0), null);
        return pending.stream()
                .map(own -> own.stream().map(PendingRequest::result).toList())
                .toList();
    }

    /** Tokens that went through the model so far, shared beginnings counted once. */
    public long computedTokens() {
        return computedTokens;
    }

    private static List<Branch> branches(List<PrefixNode> nodes, int parent) {
        return nodes.stream().map(node -> new Branch(parent, node)).toList();
    }

    /** Runs nodes and all below them, from the states of their parents; from the beginning without. */
    private void run(List<Branch> branches, @Nullable LanguageState parents) {
        for (List<Branch> leaves : runs.ofLeaves(branches)) {
            deadline.check();
            try (Scope scope = compute.scope()) {
                score(leaves, model.hidden(batch(leaves, parents), Observer.NONE));
            }
        }
        for (List<Branch> inner : runs.ofInner(branches)) {
            deadline.check();
            try (Scope scope = compute.scope()) {
                LoadedLanguageModel.Forward forward = model.forward(batch(inner, parents), Observer.NONE);
                score(inner, forward.hidden());
                List<Branch> children = new ArrayList<>();
                for (int i = 0; i < inner.size(); i++) {
                    children.addAll(branches(inner.get(i).node().children(), i));
                }
                run(children, forward.state());
            }
        }
    }

    private TokenBatch batch(List<Branch> branches, @Nullable LanguageState parents) {
        TokenBatch batch = TokenBatch.of(
                branches.stream().map(branch -> branch.node().tokens()).toArray(int[][]::new));
        computedTokens += batch.ids().length;
        return parents == null
                ? batch
                : new TokenBatch(
                        batch.ids(),
                        batch.segments(),
                        new TokenBatch.Continuation(
                                parents,
                                branches.stream().mapToInt(Branch::parent).toArray()));
    }

    /** Scores what the nodes' positions predict; {@code hidden} holds the nodes' rows one after the other. */
    private void score(List<Branch> branches, Tensor hidden) {
        ScoredRows scored = new ScoredRows();
        int row = 0;
        for (Branch branch : branches) {
            PrefixNode node = branch.node();
            for (PendingRequest request : node.requests()) {
                request.score(node.from(), node.to(), row, scored);
            }
            row += node.rows();
        }
        scored.score(model, hidden);
    }
}
