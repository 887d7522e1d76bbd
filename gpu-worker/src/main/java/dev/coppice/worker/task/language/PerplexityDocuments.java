package dev.coppice.worker.task.language;

import dev.coppice.worker.task.DataException;
import dev.coppice.worker.task.TaskParameters;
import dev.coppice.worker.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A text whose perplexity is asked for: pages under the protocol lm-eval, windows under the others.
 *
 * @param task its name, for messages
 * @param protocol how the text is cut
 * @param parameters limit and length
 * @param corpus reads the text
 */
record PerplexityDocuments(String task, Protocol protocol, TaskParameters parameters, Supplier<WikiCorpus> corpus)
        implements DocumentSource {

    @Override
    public Stream<TokenDocument> documents(Tokenizer tokenizer, @Nullable Integer contextLimit) {
        Stream<TokenDocument> all = protocol.kind() == Protocol.Kind.LM_EVAL
                ? pages(tokenizer, FedLength.of(task, parameters.length(), contextLimit))
                : windows(tokenizer, contextLimit);
        return all.limit(parameters.limitOrAll());
    }

    private Stream<TokenDocument> pages(Tokenizer tokenizer, int length) {
        RequestEncoder encoder = new RequestEncoder(tokenizer, length);
        List<String> pages = corpus.get().pages();
        if (pages.isEmpty()) {
            throw new DataException(
                    "task " + task + ": the text is blank; check that the file is complete, or fetch it again");
        }
        return IntStream.range(0, pages.size()).mapToObj(index -> {
            String page = pages.get(index);
            int[] tokens = encoder.encode(Detokeniser.apply(page));
            return new TokenDocument(
                    index,
                    Windows.rolling(tokens, tokenizer.prefix(), length).toList(),
                    // Counted before detokenising, so that tokenizers and protocols can be compared.
                    new Judgement.Prose(WhiteSpace.pieces(page), page.getBytes(StandardCharsets.UTF_8).length));
        });
    }

    private Stream<TokenDocument> windows(Tokenizer tokenizer, @Nullable Integer contextLimit) {
        int window = protocol.window();
        FedLength.requireWithin(task + " (" + protocol.name() + ")", window, contextLimit);
        int[] tokens = tokens(corpus.get(), tokenizer); // (n)
        if (tokens.length < window) {
            throw new DataException(
                    "task " + task + ": the text has " + tokens.length + " tokens, fewer than a window of " + window
                            + "; use a longer text or a protocol with a smaller window");
        }
        AtomicInteger index = new AtomicInteger();
        return Windows.disjoint(tokens, window)
                .map(request -> new TokenDocument(index.getAndIncrement(), List.of(request), Judgement.Prose.NONE));
    }

    private int[] tokens(WikiCorpus corpus, Tokenizer tokenizer) {
        return switch (protocol.kind()) {
            case RAW -> tokenizer.encode(corpus.text());
            case JOINED -> tokenizer.encodeWithSpecialTokens(String.join("\n\n", corpus.rows()));
            case PER_LINE ->
                filledUp(
                        corpus.rows().stream()
                                .filter(row -> !row.isEmpty())
                                .flatMapToInt(row -> Arrays.stream(tokenizer.encodeWithSpecialTokens(row)))
                                .toArray(),
                        tokenizer);
            case LM_EVAL -> throw new IllegalStateException("pages are encoded one by one");
        };
    }

    /** Whole windows, the last one filled up with the mark of a text's end, which is scored like the rest. */
    private int[] filledUp(int[] tokens, Tokenizer tokenizer) {
        int window = protocol.window();
        Integer end = tokenizer.end();
        int[] filled = Arrays.copyOf(tokens, (tokens.length + window - 1) / window * window);
        Arrays.fill(filled, tokens.length, filled.length, end == null ? tokenizer.prefix() : end);
        return filled;
    }
}
