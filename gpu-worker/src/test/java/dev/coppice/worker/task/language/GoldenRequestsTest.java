package dev.coppice.worker.task.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coppice.results.Metrics;
import dev.coppice.worker.task.LanguageTask;
import dev.coppice.worker.task.TaskEntry;
import dev.coppice.worker.task.TaskParameters;
import dev.coppice.worker.task.data.DataPath;
import dev.coppice.worker.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Request strings, token boundaries and metrics, against lm-evaluation-harness on the first 40 documents of each task. */
class GoldenRequestsTest {

    private static final double EXACT = 1e-12;

    private final Tokenizer tokenizer = Goldens.tokenizer();

    static Stream<TaskEntry> tasks() {
        return Stream.of(
                Lambada.ENTRY,
                HellaSwag.ENTRY,
                Piqa.ENTRY,
                Arc.EASY,
                Arc.CHALLENGE,
                Winogrande.ENTRY,
                OpenBookQa.ENTRY);
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void stringsAndTokensAreTheHarnesss(TaskEntry entry) {
        JsonNode golden = Goldens.read(entry.definition().name());
        RequestEncoder encoder = new RequestEncoder(tokenizer, 2048);
        try (DocumentReader reader = open(entry)) {
            for (JsonNode document : golden.get("docs")) {
                TextDocument ours = Objects.requireNonNull(reader.next());
                JsonNode requests = document.get("requests");
                assertThat(ours.requests()).hasSize(requests.size());
                for (int r = 0; r < requests.size(); r++) {
                    JsonNode request = requests.get(r);
                    TextRequest own = ours.requests().get(r);
                    assertThat(own.context()).isEqualTo(request.get("context").asText());
                    assertThat(own.continuation())
                            .isEqualTo(request.get("continuation").asText());
                    assertSplit(encoder, own, request);
                }
                assertJudgement(ours.judgement(), document);
            }
        }
    }

    private static DocumentReader open(TaskEntry entry) {
        RequestEntry requests = (RequestEntry) entry;
        return requests.reader().apply(requests.files(new DataPath(Goldens.DATA.toString())));
    }

    private static void assertSplit(RequestEncoder encoder, TextRequest own, JsonNode request) {
        RequestEncoder.TokenPair pair = encoder.split(own);
        assertThat(pair.context()).containsExactly(Goldens.ints(request.get("context_ids")));
        assertThat(pair.continuation()).containsExactly(Goldens.ints(request.get("continuation_ids")));
    }

    private static void assertJudgement(Judgement judgement, JsonNode document) {
        if (judgement instanceof Judgement.MultipleChoice choice) {
            assertThat(choice.gold()).isEqualTo(document.get("gold").asInt());
            if (document.has("acc_norm")) {
                assertThat(choice.choiceLengths())
                        .containsExactlyElementsOf(Arrays.stream(Goldens.ints(document.get("choice_lengths")))
                                .boxed()
                                .toList());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void itsAnswersGiveItsMetrics(TaskEntry entry) {
        JsonNode golden = Goldens.read(entry.definition().name());
        LanguageTask task = open(entry, 40);
        List<TokenDocument> documents;
        try (Stream<TokenDocument> stream = task.documents(tokenizer, null)) {
            documents = stream.toList();
        }
        assertThat(documents).hasSize(40);
        List<DocumentScore> scores = new ArrayList<>();
        for (TokenDocument document : documents) {
            JsonNode expected = golden.get("docs").get(document.index());
            JsonNode requests = expected.get("requests");
            IntStream.range(0, requests.size())
                    .forEach(r -> assertInput(document.requests().get(r), requests.get(r)));
            DocumentScore score = document.judge(Goldens.scores(requests));
            assertThat(score.verdict().correct()).isEqualTo(expected.get("acc").asDouble() == 1);
            if (expected.has("acc_norm")) {
                assertThat(score.verdict().correctNormalised())
                        .isEqualTo(expected.get("acc_norm").asDouble() == 1);
            }
            scores.add(score);
        }
        assertMetrics(task.metrics(scores), golden.get("metrics"));
    }

    private static LanguageTask open(TaskEntry entry, int limit) {
        return (LanguageTask)
                entry.open(new DataPath(Goldens.DATA.toString()), new TaskParameters(limit, null, null, null));
    }

    /** What is fed is context and continuation without the last token; the last positions predict the continuation. */
    private static void assertInput(ScoringRequest request, JsonNode golden) {
        int[] context = Goldens.ints(golden.get("context_ids"));
        int[] continuation = Goldens.ints(golden.get("continuation_ids"));
        int[] whole = IntStream.concat(Arrays.stream(context), Arrays.stream(continuation))
                .toArray();
        assertThat(request.input()).containsExactly(Arrays.copyOf(whole, whole.length - 1));
        assertThat(request.targets()).containsExactly(continuation);
        assertThat(request.firstScored()).isEqualTo(context.length - 1);
        assertThat(request.truncated()).isZero();
    }

    private static void assertMetrics(Metrics metrics, JsonNode golden) {
        assertValue(metrics.accuracy(), golden, "acc");
        assertValue(metrics.accuracyStderr(), golden, "acc_stderr");
        assertValue(metrics.accuracyNorm(), golden, "acc_norm");
        assertValue(metrics.accuracyNormStderr(), golden, "acc_norm_stderr");
        assertValue(metrics.perplexity(), golden, "perplexity");
        assertThat(metrics.examples()).isEqualTo(40);
        assertThat(metrics.extra()).containsOnlyKeys("truncated_requests").containsValue(0.0);
    }

    private static void assertValue(@Nullable Double ours, JsonNode golden, String name) {
        if (golden.has(name)) {
            double expected = golden.get(name).asDouble();
            assertThat(ours).as(name).isCloseTo(expected, within(EXACT * Math.max(1, Math.abs(expected))));
        } else {
            assertThat(ours).as(name).isNull();
        }
    }

    /** Empty contexts, space at their ends, no space at the seam, special tokens, other scripts, inputs beyond the limit. */
    @Test
    void edgeCasesAreCutAsByTheHarness() {
        int truncated = 0;
        for (JsonNode golden : Goldens.read("extra_requests")) {
            TextRequest request = new TextRequest(
                    golden.get("context").asText(), golden.get("continuation").asText());
            RequestEncoder encoder =
                    new RequestEncoder(tokenizer, golden.get("max_length").asInt());
            assertSplit(encoder, request, golden);
            ScoringRequest encoded = encoder.encode(
                            0, new TextDocument("here", List.of(request), new Judgement.Greedy()))
                    .requests()
                    .get(0);
            assertThat(encoded.input()).containsExactly(Goldens.ints(golden.get("model_input_ids")));
            assertThat(encoded.targets()).containsExactly(Goldens.ints(golden.get("continuation_ids")));
            truncated += encoded.truncated() > 0 ? 1 : 0;
        }
        assertThat(truncated).isEqualTo(2);
    }
}
