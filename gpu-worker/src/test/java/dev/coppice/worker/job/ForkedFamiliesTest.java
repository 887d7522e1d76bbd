package dev.coppice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.TestBackend;
import dev.coppice.worker.model.language.LanguageCase;
import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.task.language.Judgement;
import dev.coppice.worker.task.language.RequestScore;
import dev.coppice.worker.task.language.ScoringRequest;
import dev.coppice.worker.task.language.TokenDocument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that fork from states, or from attention's keys and values, are scored as they are alone: in every family. */
class ForkedFamiliesTest {

    /** Relative, for sums of up to 70 log-probabilities. */
    private static final double TOLERANCE = 1e-5;

    /** Contexts that fork twice, a beginning that two documents share, and texts of their own; seed 12. */
    private static List<TokenDocument> documents(int vocabulary) {
        Random random = new Random(12);
        int[] shared = ids(random, vocabulary, 40);
        int[] context = joined(shared, ids(random, vocabulary, 110));
        int[] longer = joined(context, ids(random, vocabulary, 12));
        int[] other = joined(shared, ids(random, vocabulary, 9));
        List<List<ScoringRequest>> requests = List.of(
                List.of(
                        request(context, ids(random, vocabulary, 4)),
                        request(context, ids(random, vocabulary, 1)),
                        request(longer, ids(random, vocabulary, 70)),
                        request(longer, ids(random, vocabulary, 3))),
                List.of(request(other, ids(random, vocabulary, 5)), request(other, ids(random, vocabulary, 6))),
                List.of(request(ids(random, vocabulary, 1), ids(random, vocabulary, 30))));
        return IntStream.range(0, requests.size())
                .mapToObj(d -> new TokenDocument(d, requests.get(d), new Judgement.Prose(0, 0)))
                .toList();
    }

    private static int[] ids(Random random, int vocabulary, int length) {
        return random.ints(length, 0, vocabulary).toArray();
    }

    private static int[] joined(int[] first, int[] second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    private static ScoringRequest request(int[] context, int[] continuation) {
        int[] whole = joined(context, continuation);
        return new ScoringRequest(Arrays.copyOf(whole, whole.length - 1), continuation, 0);
    }

    @ParameterizedTest(name = "{0}, seed 12")
    @MethodSource("dev.coppice.worker.model.language.LanguageCase#names")
    void forkedScoresAreThoseOfRequestsRunAlone(String name) {
        LanguageModel model = new LanguageCase(name).model();
        List<TokenDocument> documents = documents(model.vocabulary());
        List<RequestScore> alone = new ArrayList<>();
        for (TokenDocument document : documents) {
            for (ScoringRequest request : document.requests()) {
                alone.addAll(score(
                        model,
                        List.of(new TokenDocument(0, List.of(request), document.judgement())),
                        StateBytes.of(model)));
            }
        }
        // all together, a run for each node, and a run for each node because of its tokens
        for (StateBytes bytes :
                List.of(StateBytes.of(model), new StateBytes(1L << 30, 0), new StateBytes(0, 1L << 30))) {
            List<RequestScore> forked = score(model, documents, bytes);
            assertThat(forked).hasSameSizeAs(alone);
            for (int r = 0; r < alone.size(); r++) {
                double expected = alone.get(r).logProbability();
                assertThat(forked.get(r).logProbability())
                        .as("request %d, %s", r, bytes)
                        .isCloseTo(expected, within(TOLERANCE * Math.max(1, Math.abs(expected))));
                assertThat(forked.get(r).greedy()).isEqualTo(alone.get(r).greedy());
            }
        }
    }

    private static List<RequestScore> score(LanguageModel model, List<TokenDocument> documents, StateBytes bytes) {
        try (Compute compute = TestBackend.open(2);
                Scope scope = compute.scope()) {
            LanguageScorer scorer = new LanguageScorer(model.on(compute), compute, Deadline.in(null), bytes);
            List<RequestScore> scores =
                    scorer.score(documents).stream().flatMap(List::stream).toList();
            long fed = documents.stream()
                    .flatMap(document -> document.requests().stream())
                    .mapToLong(request -> request.input().length)
                    .sum();
            assertThat(scorer.computedTokens()).isLessThanOrEqualTo(fed);
            if (documents.size() > 1) {
                assertThat(scorer.computedTokens()).isLessThan(fed / 2);
            }
            return scores;
        }
    }
}
