package dev.coppice.worker.task.language;

import dev.coppice.worker.task.DataException;
import dev.coppice.worker.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns requests into tokens as lm-evaluation-harness does it for causal models (TemplateLM._encode_pair, HFLM.tok_encode). */
final class RequestEncoder {

    private final Tokenizer tokenizer;
    private final int limit;
    private final String prefixText;
    private @Nullable String lastContext;
    private int[] lastContextIds = {};

    /**
     * An encoder for one model.
     *
     * @param limit most tokens that the model is fed
     */
    RequestEncoder(Tokenizer tokenizer, int limit) {
        this.tokenizer = tokenizer;
        this.limit = limit;
        this.prefixText = tokenizer.decode(new int[] {tokenizer.prefix()});
    }

    /**
     * A context's and a continuation's own tokens.
     *
     * @param context never empty
     * @param continuation what is scored
     */
    record TokenPair(int[] context, int[] continuation) {}

    /** The document's requests in tokens. */
    TokenDocument encode(int index, TextDocument document) {
        List<ScoringRequest> requests = new ArrayList<>(document.requests().size());
        for (TextRequest request : document.requests()) {
            requests.add(cut(split(request), document.place()));
        }
        return new TokenDocument(index, requests, document.judgement());
    }

    /**
     * Where the tokens of context and continuation part. Both are encoded together, white space at the context's end counted
     * to the continuation, and what the context alone doesn't fill is the continuation's.
     */
    TokenPair split(TextRequest request) {
        int end = WhiteSpace.endOfContent(request.context());
        String context = request.context().substring(0, end);
        String continuation = request.context().substring(end) + request.continuation();
        if (context.isEmpty()) {
            return withoutContext(continuation);
        }
        int[] contextIds = contextIds(context);
        int[] whole = encode(context + continuation);
        int boundary = Math.min(contextIds.length, whole.length);
        return new TokenPair(contextIds, Arrays.copyOfRange(whole, boundary, whole.length));
    }

    /** The prefix token is the context, unless the continuation starts with it itself. */
    private TokenPair withoutContext(String continuation) {
        int[] ids = tokenizer.encode(continuation);
        int prefix = tokenizer.prefix();
        return ids.length > 0 && ids[0] == prefix
                ? new TokenPair(new int[] {prefix}, Arrays.copyOfRange(ids, 1, ids.length))
                : new TokenPair(new int[] {prefix}, ids);
    }

    /** Choices share their context: the last one is remembered. */
    private int[] contextIds(String context) {
        if (!context.equals(lastContext)) {
            lastContextIds = encode(context);
            lastContext = context;
        }
        return lastContextIds;
    }

    /** Tokens of a text with the tokenizer's own special tokens, unless it starts with the prefix token's text already. */
    int[] encode(String text) {
        return text.startsWith(prefixText) ? tokenizer.encode(text) : tokenizer.encodeWithSpecialTokens(text);
    }

    /** Of context and continuation the last {@code limit + 1} tokens, without the very last, which nothing follows. */
    private ScoringRequest cut(TokenPair pair, String place) {
        int targets = pair.continuation().length;
        if (targets == 0) {
            throw new DataException(place + ": the continuation adds no token of its own to its context, so there is"
                    + " nothing to score; mend the document, or leave it out");
        }
        if (targets > limit) {
            throw new DataException(place + ": the continuation has " + targets + " tokens, the model is fed at most "
                    + limit + "; raise the task's length, or leave the document out");
        }
        int fed = pair.context().length + targets - 1;
        int truncated = Math.max(0, fed - limit);
        int[] input = new int[fed - truncated]; // (L)
        int contextKept = pair.context().length - truncated;
        System.arraycopy(pair.context(), truncated, input, 0, contextKept);
        System.arraycopy(pair.continuation(), 0, input, contextKept, targets - 1);
        return new ScoringRequest(input, pair.continuation(), truncated);
    }
}
