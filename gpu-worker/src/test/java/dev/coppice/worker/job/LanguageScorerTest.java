package dev.coppice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.TestBackend;
import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.task.LanguageTask;
import dev.coppice.worker.task.Tasks;
import dev.coppice.worker.task.language.Judgement;
import dev.coppice.worker.task.language.RequestScore;
import dev.coppice.worker.task.language.ScoringRequest;
import dev.coppice.worker.task.language.TokenDocument;
import dev.coppice.worker.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.XZInputStream;

/** Scores from shared beginnings, against every request run alone and against lm-evaluation-harness (see the fixtures' README). */
class LanguageScorerTest {

    private static final Path FIXTURES = Path.of("src/test/resources/fixtures/eval");
    private static final Path DATA = Path.of("..", "data", "lm");
    private static final double AS_ALONE = 1e-4;
    private static final double AS_HARNESS = 5e-4; // the README's, for a whole request in float32
    private static final int VOCABULARY = 2000;

    private final LanguageModel model = (LanguageModel) ModelFamilies.read(FIXTURES.resolve("model"), null);

    private record Scored(List<List<RequestScore>> scores, long computedTokens) {}

    private Scored score(List<TokenDocument> documents, long stateBytes) {
        try (Compute compute = TestBackend.open(2);
                Scope scope = compute.scope()) {
            LanguageScorer scorer =
                    new LanguageScorer(model.on(compute), compute, Deadline.in(null), new StateBytes(stateBytes, 0));
            return new Scored(scorer.score(documents), scorer.computedTokens());
        }
    }

    private static TokenDocument document(int index, ScoringRequest... requests) {
        return new TokenDocument(index, List.of(requests), new Judgement.Prose(0, 0));
    }

    private static int[] ids(Random random, int length) {
        return random.ints(length, 0, VOCABULARY).toArray();
    }

    private static ScoringRequest request(Random random, int[] context, int targets) {
        int[] continuation = ids(random, targets);
        int[] input = Arrays.copyOf(context, context.length + targets - 1);
        System.arraycopy(continuation, 0, input, context.length, targets - 1);
        return new ScoringRequest(input, continuation, 0);
    }

    /** Shared contexts, branches of no, one and many tokens, no common stem, a stem that is scored, a lone request. */
    private static List<TokenDocument> documents() {
        Random random = new Random(11);
        int[] context = ids(random, 150);
        int[] text = ids(random, 90);
        return List.of(
                document(0, request(random, context, 4), request(random, context, 1), request(random, context, 70)),
                document(1, request(random, text, 1), request(random, text, 1)),
                document(2, request(random, ids(random, 20), 3), request(random, ids(random, 33), 30)),
                document(
                        3,
                        new ScoringRequest(text, Arrays.copyOfRange(context, 0, 80), 0),
                        new ScoringRequest(Arrays.copyOf(text, 60), Arrays.copyOfRange(context, 10, 60), 0)),
                document(4, request(random, context, 9)),
                document(5, request(random, ids(random, 1), 5), request(random, ids(random, 1), 1)));
    }

    /** All documents in one batch, and a batch for each. */
    @ParameterizedTest
    @ValueSource(longs = {1, 1L << 31})
    void forkedScoresAreThoseOfRequestsRunAlone(long stateBytes) {
        List<TokenDocument> documents = documents();

        Scored forked = score(documents, stateBytes);

        for (TokenDocument document : documents) {
            for (int r = 0; r < document.requests().size(); r++) {
                RequestScore alone = score(
                                List.of(document(0, document.requests().get(r))), 1)
                        .scores()
                        .get(0)
                        .get(0);
                assertScore(
                        forked.scores().get(document.index()).get(r),
                        alone.logProbability(),
                        alone.greedy(),
                        AS_ALONE,
                        "document " + document.index() + ", request " + r);
            }
        }
    }

    @Test
    void sharedBeginningsAreRunOnce() {
        List<TokenDocument> documents = documents();
        int[] expected = {150 + 3 + 69, 90, 22 + 62, 60 + 30, 158, 5 + 1};

        for (int d = 0; d < expected.length; d++) {
            assertThat(score(List.of(documents.get(d)), 1).computedTokens())
                    .as("document %d", d)
                    .isEqualTo(expected[d]);
        }
        int shared = 150 + 90; // documents 0 and 4 have one context, and what 3 asks about is that of 1
        assertThat(score(documents, 1).computedTokens())
                .isEqualTo(Arrays.stream(expected).sum() - shared);
    }

    private static void assertScore(
            RequestScore score, double logProbability, boolean greedy, double tolerance, String where) {
        assertThat(score.logProbability()).as(where).isCloseTo(logProbability, within(tolerance));
        assertThat(score.greedy()).as(where).isEqualTo(greedy);
    }

    private static JsonNode golden(String name) throws IOException {
        try (InputStream json = new XZInputStream(
                Files.newInputStream(FIXTURES.resolve("golden").resolve(name + ".json.xz")))) {
            return JsonMapper.builder().build().readTree(json);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"lambada_openai", "hellaswag", "piqa", "arc_easy", "arc_challenge", "winogrande", "openbookqa"})
    void tasksGetTheHarnesssScores(String name) throws IOException {
        JsonNode golden = golden(name);
        LanguageTask task = Tasks.language(name, DATA.toString(), new TreeMap<>(Map.of("limit", "40")));
        List<TokenDocument> documents = documents(task);

        List<List<RequestScore>> scores =
                score(documents, Float.BYTES * model.stateSize()).scores();

        for (int d = 0; d < documents.size(); d++) {
            JsonNode requests = golden.get("docs").get(d).get("requests");
            for (int r = 0; r < requests.size(); r++) {
                JsonNode request = requests.get(r);
                assertScore(
                        scores.get(d).get(r),
                        request.get("logprob").asDouble(),
                        request.get("is_greedy").asBoolean(),
                        AS_HARNESS,
                        name + ", document " + d + ", request " + r);
            }
        }
    }

    @Test
    void evaluationGivesTheHarnesssAccuracyAndASampleForEachDocument() throws IOException {
        JsonNode golden = golden("arc_easy");
        LanguageTask task = Tasks.language("arc_easy", DATA.toString(), new TreeMap<>(Map.of("limit", "40")));

        Evaluated evaluated = evaluate(task);

        JsonNode metrics = golden.get("metrics");
        assertThat(evaluated.metrics().accuracy()).isEqualTo(metrics.get("acc").asDouble());
        assertThat(evaluated.metrics().accuracyNorm())
                .isEqualTo(metrics.get("acc_norm").asDouble());
        assertThat(evaluated.metrics().tokens())
                .isGreaterThan(
                        Objects.requireNonNull(evaluated.metrics().extra().get(LanguageEvaluation.COMPUTED_TOKENS))
                                .longValue());
        assertThat(evaluated.samples()).hasSize(40);
        for (int d = 0; d < 40; d++) {
            JsonNode document = golden.get("docs").get(d);
            assertThat(evaluated.samples().get(d).gold())
                    .isEqualTo(document.get("gold").asInt());
            assertThat(evaluated.samples().get(d).correct())
                    .isEqualTo(document.get("acc").asDouble() == 1);
            assertThat(evaluated.samples().get(d).choices())
                    .hasSize(document.get("requests").size());
        }
    }

    /** Rolling windows of pages: many requests a document, longer together than a batch. */
    @ParameterizedTest
    @CsvSource({"2048, lm_eval_wikitext_first_3_pages", "256, lm_eval_wikitext_first_3_pages_256"})
    void pagesGetTheHarnesssPerplexity(String length, String key) throws IOException {
        JsonNode golden = golden("wikitext").get("perplexities").get(key);
        LanguageTask task = Tasks.language(
                "wikitext2",
                DATA.toString(),
                new TreeMap<>(Map.of("limit", "3", "length", length, "protocol", "lm-eval")));

        Evaluated evaluated = evaluate(task);

        for (int d = 0; d < 3; d++) {
            assertThat(evaluated.samples().get(d).logLikelihood())
                    .isCloseTo(golden.get("loglikelihood_per_page").get(d).asDouble(), withinPercentage(0.001));
        }
        assertThat(evaluated.metrics().wordPerplexity())
                .isCloseTo(golden.get("word_perplexity").asDouble(), withinPercentage(0.01));
        assertThat(evaluated.metrics().bitsPerByte())
                .isCloseTo(golden.get("bits_per_byte").asDouble(), withinPercentage(0.01));
    }

    private List<TokenDocument> documents(LanguageTask task) {
        try (Stream<TokenDocument> stream =
                task.documents(Tokenizer.read(FIXTURES.resolve("model")), model.contextLimit())) {
            return stream.toList();
        }
    }

    private Evaluated evaluate(LanguageTask task) {
        try (Compute compute = TestBackend.open(2)) {
            return new LanguageEvaluation(model, compute, Deadline.in(null)).run(task, documents(task));
        }
    }

    /** Among them continuations that are what the model would have said. */
    @Test
    void edgeCasesGetTheHarnesssScores() throws IOException {
        List<JsonNode> golden = StreamSupport.stream(golden("extra_requests").spliterator(), false)
                .toList();
        List<TokenDocument> documents = new ArrayList<>();
        for (JsonNode request : golden) {
            documents.add(document(
                    documents.size(),
                    new ScoringRequest(
                            ints(request.get("model_input_ids")), ints(request.get("continuation_ids")), 0)));
        }

        List<List<RequestScore>> scores = score(documents, 1).scores();

        for (int d = 0; d < golden.size(); d++) {
            assertScore(
                    scores.get(d).get(0),
                    golden.get(d).get("logprob").asDouble(),
                    golden.get(d).get("is_greedy").asBoolean(),
                    AS_HARNESS,
                    "request " + d);
        }
        assertThat(scores.stream().filter(score -> score.get(0).greedy())).hasSizeGreaterThanOrEqualTo(14);
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
