package dev.coppice.worker.job;

import dev.coppice.results.Metrics;
import dev.coppice.results.Sample;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.model.language.LoadedLanguageModel;
import dev.coppice.worker.task.LanguageTask;
import dev.coppice.worker.task.language.DocumentScore;
import dev.coppice.worker.task.language.Judgement;
import dev.coppice.worker.task.language.RequestScore;
import dev.coppice.worker.task.language.TokenDocument;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Metrics of a language model over a task's documents. */
public final class LanguageEvaluation {

    /** In {@link Metrics#extra}: tokens that went through the model; shared beginnings are run once. */
    public static final String COMPUTED_TOKENS = "computed_tokens";

    private final LanguageModel model;
    private final Compute compute;
    private final Deadline deadline;

    /** An evaluation of {@code model} on {@code compute}, which is asked to stop at {@code deadline}. */
    public LanguageEvaluation(LanguageModel model, Compute compute, Deadline deadline) {
        this.model = model;
        this.compute = compute;
        this.deadline = deadline;
    }

    /**
     * Evaluates all documents. The metrics' tokens are those of all requests, and {@value #COMPUTED_TOKENS} tells how many
     * of them had to be run.
     *
     * @param documents of {@code task}, at least one
     * @throws NumericException when a log-probability is NaN or infinite
     */
    public Evaluated run(LanguageTask task, List<TokenDocument> documents) {
        try (Scope scope = compute.scope()) {
            return run(task, documents, model.on(compute));
        }
    }

    /** As {@link #run(LanguageTask, List)}, with the model on the device already. */
    public Evaluated run(LanguageTask task, List<TokenDocument> documents, LoadedLanguageModel loaded) {
        LanguageScorer scorer = new LanguageScorer(loaded, compute, deadline, StateBytes.of(model));
        List<List<RequestScore>> scores = scorer.score(documents);
        long computedTokens = scorer.computedTokens();
        List<DocumentScore> judged = new ArrayList<>(documents.size());
        List<Sample> samples = new ArrayList<>(documents.size());
        for (int d = 0; d < documents.size(); d++) {
            TokenDocument document = documents.get(d);
            DocumentScore score = document.judge(scores.get(d));
            judged.add(score);
            samples.add(sample(document.judgement(), score, scores.get(d)));
        }
        return new Evaluated(task.metrics(judged).with(COMPUTED_TOKENS, computedTokens), samples);
    }

    private static Sample sample(Judgement judgement, DocumentScore score, List<RequestScore> requests) {
        Judgement.Verdict verdict = score.verdict();
        Judgement.MultipleChoice choice = judgement instanceof Judgement.MultipleChoice own ? own : null;
        return new Sample(
                score.index(),
                choice == null ? null : choice.gold(),
                verdict.chosen(),
                verdict.correct(),
                verdict.correctNormalised(),
                verdict.logLikelihood(),
                choice == null
                        ? List.of()
                        : requests.stream().map(RequestScore::logProbability).toList(),
                Math.toIntExact(score.predicted()),
                counted(verdict.prose().words()),
                counted(verdict.prose().bytes()));
    }

    /** Null for the 0 of what was not counted. */
    private static @Nullable Integer counted(long number) {
        return number == 0 ? null : Math.toIntExact(number);
    }
}
