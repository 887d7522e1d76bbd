package dev.coppice.worker.task.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coppice.results.Metrics;
import dev.coppice.worker.task.LanguageTask;
import dev.coppice.worker.task.TaskParameters;
import dev.coppice.worker.task.data.DataPath;
import dev.coppice.worker.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages, rows and windows of the shipped WikiText-2 under every protocol. */
class GoldenWikiTextTest {

    private static final int END_OF_TEXT = 0;

    private final JsonNode golden = Goldens.read("wikitext");
    private final Tokenizer tokenizer = Goldens.tokenizer();
    private final DataPath whole = new DataPath(Goldens.DATA.toString());

    @TempDir
    private Path folder;

    private DataPath first100;

    @BeforeEach
    void cutOut() throws IOException {
        String[] lines = corpus().text().split("\n", 101);
        Path file = folder.resolve("wiki.test.raw");
        Files.writeString(file, String.join("\n", Arrays.copyOf(lines, 100)) + "\n");
        first100 = new DataPath(file.toString());
    }

    private WikiCorpus corpus() {
        return WikiCorpus.read(WikiText.ENTRY.files(whole));
    }

    private static LanguageTask task(DataPath data, @Nullable Integer length, String protocol) {
        return (LanguageTask) WikiText.ENTRY.open(data, new TaskParameters(null, length, protocol, null));
    }

    private List<TokenDocument> documents(DataPath data, @Nullable Integer length, String protocol) {
        try (Stream<TokenDocument> documents = task(data, length, protocol).documents(tokenizer, null)) {
            return documents.toList();
        }
    }

    @Test
    void rowsAreThoseOfTheDataSet() {
        List<String> rows = corpus().rows();

        assertThat(rows).hasSize(golden.get("n_rows").asInt());
        assertThat(rows.stream().filter(row -> !row.isEmpty()))
                .hasSize(golden.get("n_nonempty_rows").asInt());
        assertThat(rows).startsWith("", " = Robert Boulter = \n", "");
    }

    @Test
    void pagesAreDetokenisedAsByTheHarness() {
        List<String> pages = corpus().pages();

        assertThat(pages.stream().map(page -> page.getBytes(StandardCharsets.UTF_8).length))
                .containsExactlyElementsOf(Arrays.stream(Goldens.ints(golden.get("page_bytes")))
                        .boxed()
                        .toList());
        List<JsonNode> heads = Goldens.elements(golden.get("page_heads"));
        assertThat(pages).hasSize(62).hasSameSizeAs(heads);
        for (int p = 0; p < pages.size(); p++) {
            assertThat(Detokeniser.apply(pages.get(p))).startsWith(heads.get(p).asText());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 2048})
    void pagesHaveTheHarnesssTokensWordsAndBytes(int length) {
        String name = "lm_eval_wikitext_first_3_pages" + (length == 2048 ? "" : "_" + length);
        JsonNode expected = golden.get("perplexities").get(name);
        LanguageTask task = task(whole, length, "lm-eval");
        List<TokenDocument> pages = documents(whole, length, "lm-eval").subList(0, 3);
        List<DocumentScore> scores = new ArrayList<>();
        for (TokenDocument page : pages) {
            int p = page.index();
            Judgement.Prose prose = (Judgement.Prose) page.judgement();
            assertThat(prose.words()).isEqualTo(expected.get("words").get(p).asLong());
            assertThat(prose.bytes()).isEqualTo(expected.get("bytes").get(p).asLong());
            double all = expected.get("loglikelihood_per_page").get(p).asDouble();
            DocumentScore score = page.judge(inEqualParts(all, page.requests().size()));
            assertThat(score.predicted())
                    .isEqualTo(expected.get("n_tokens").get(p).asLong());
            scores.add(score);
        }
        Metrics metrics = task.metrics(scores);
        assertClose(metrics.wordPerplexity(), expected.get("word_perplexity"));
        assertClose(metrics.bytePerplexity(), expected.get("byte_perplexity"));
        assertClose(metrics.bitsPerByte(), expected.get("bits_per_byte"));
        assertThat(metrics.examples()).isEqualTo(3);
        assertThat(task.metric()).isEqualTo("word_perplexity");
    }

    @Test
    void allPagesTogetherGiveTheHarnesssMetrics() {
        JsonNode expected = golden.get("perplexities").get("full").get("lm_eval_wikitext");
        List<DocumentScore> scores = new ArrayList<>();
        for (TokenDocument page : documents(whole, null, "lm-eval")) {
            double all =
                    expected.get("loglikelihood_per_page").get(page.index()).asDouble();
            scores.add(page.judge(inEqualParts(all, page.requests().size())));
        }
        Metrics metrics = task(whole, null, "lm-eval").metrics(scores);
        assertThat(metrics.examples()).isEqualTo(expected.get("n_pages").asLong());
        assertClose(metrics.wordPerplexity(), expected.get("word_perplexity"));
        assertClose(metrics.bytePerplexity(), expected.get("byte_perplexity"));
        assertClose(metrics.bitsPerByte(), expected.get("bits_per_byte"));
    }

    @Test
    void joinedRowsHaveTheGoldenCounts() {
        for (int window : new int[] {256, 2048}) {
            assertJoined(first100, window, golden.get("perplexities").get("first_100_lines"));
        }
        assertJoined(whole, 2048, golden.get("perplexities").get("full"));
    }

    private void assertJoined(DataPath data, int window, JsonNode expected) {
        String protocol = "joined-" + window;
        JsonNode counts = expected.get("joined_" + window);
        List<TokenDocument> windows = documents(data, null, protocol);
        double loss = counts.get("nll_tail_dropped").asDouble() / windows.size();
        List<DocumentScore> scores = windows.stream()
                .map(document -> document.judge(List.of(new RequestScore(-loss, false))))
                .toList();

        assertThat(windows).hasSize(counts.get("n_tokens").asInt() / window);
        assertThat(scores.stream().mapToLong(DocumentScore::predicted).sum())
                .isEqualTo(counts.get("n_scored_tail_dropped").asLong());
        Metrics metrics = task(data, null, protocol).metrics(scores);
        assertClose(metrics.perplexity(), counts.get("ppl_tail_dropped"));
        assertThat(metrics.loss())
                .isCloseTo(Math.log(counts.get("ppl_tail_dropped").asDouble()), within(1e-12));
    }

    @Test
    void rowsByThemselvesHaveTheGoldenCounts() {
        for (int window : new int[] {256, 2048}) {
            assertPerLine(first100, window, golden.get("perplexities").get("first_100_lines"));
        }
        assertPerLine(whole, 2048, golden.get("perplexities").get("full"));
    }

    private void assertPerLine(DataPath data, int window, JsonNode expected) {
        JsonNode counts = expected.get("ssm_pruner_" + window);
        List<TokenDocument> chunks = documents(data, null, "per-line-" + window);
        int padding = counts.get("n_pad").asInt();
        int[] last = chunks.get(chunks.size() - 1).requests().get(0).targets();

        assertThat(chunks).hasSize(counts.get("n_chunks").asInt());
        assertThat(Arrays.copyOfRange(last, last.length - padding, last.length)).containsOnly(END_OF_TEXT);
        assertThat(last[last.length - padding - 1]).isNotEqualTo(END_OF_TEXT);
        List<DocumentScore> scores = chunks.stream()
                .map(document -> document.judge(
                        List.of(new RequestScore(-counts.get("mean_loss").asDouble() * (window - 1), false))))
                .toList();
        assertThat(scores.stream().mapToLong(DocumentScore::predicted).sum())
                .isEqualTo(counts.get("n_scored").asLong());
        assertClose(task(data, null, "per-line-" + window).metrics(scores).perplexity(), counts.get("ppl"));
    }

    /** The protocol in which mamba2-tiny's own RESULTS.json states its perplexity. */
    @Test
    void theRawFileIsOneString() {
        List<TokenDocument> windows = documents(first100, null, "raw-64");
        int[] all =
                tokenizer.encode(WikiCorpus.read(WikiText.ENTRY.files(first100)).text());

        assertThat(windows).hasSize(all.length / 64);
        for (TokenDocument window : windows) {
            ScoringRequest only = window.requests().get(0);
            int start = window.index() * 64;
            assertThat(only.input()).containsExactly(Arrays.copyOfRange(all, start, start + 63));
            assertThat(only.targets()).containsExactly(Arrays.copyOfRange(all, start + 1, start + 64));
        }
    }

    private static List<RequestScore> inEqualParts(double sum, int parts) {
        return Stream.generate(() -> new RequestScore(sum / parts, false))
                .limit(parts)
                .toList();
    }

    private static void assertClose(@Nullable Double ours, JsonNode expected) {
        assertThat(ours).isCloseTo(expected.asDouble(), within(1e-12 * expected.asDouble()));
    }
}
