package dev.coppice.worker.task.language;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Cuts a long text's tokens into requests. */
final class Windows {

    private Windows() {}

    /**
     * Windows that don't overlap, each scored alone from the zero state: W tokens, of which W - 1 are predicted. The tokens
     * after the last whole window are dropped.
     *
     * <pre>
     * W = 4, tokens a b c d e f g h i:  fed a b c, predicted b c d;  fed e f g, predicted f g h;  i dropped
     * </pre>
     *
     * @param tokens of the whole text (n)
     * @param window W, at least 2
     */
    static Stream<ScoringRequest> disjoint(int[] tokens, int window) {
        return IntStream.range(0, tokens.length / window).mapToObj(w -> {
            int start = w * window;
            int end = start + window;
            return new ScoringRequest(
                    Arrays.copyOfRange(tokens, start, end - 1), Arrays.copyOfRange(tokens, start + 1, end), 0);
        });
    }

    /**
     * Windows that predict every token once, each from as many tokens before it as there is room for
     * (lm_eval.utils.get_rolling_token_windows with context_len 1). A window that is whole shares one token with the one
     * before; the last, shorter one is fed older tokens again.
     *
     * <pre>
     * limit = 4, prefix ^, tokens a b c d e f g h i j:
     *   fed ^ a b c, predicted a b c d
     *   fed d e f g, predicted e f g h
     *   fed f g h i, predicted i j
     * </pre>
     *
     * @param tokens of the whole text (n)
     * @param prefix stands before the first token
     * @param limit most tokens that the model is fed
     */
    static Stream<ScoringRequest> rolling(int[] tokens, int prefix, int limit) {
        int[] all = new int[tokens.length + 1]; // (n + 1), the prefix first: all[i] precedes tokens[i]
        all[0] = prefix;
        System.arraycopy(tokens, 0, all, 1, tokens.length);
        int windows = (tokens.length + limit - 1) / limit;
        return IntStream.range(0, windows).mapToObj(w -> {
            int start = w * limit;
            int end = Math.min(tokens.length, start + limit);
            return new ScoringRequest(
                    Arrays.copyOfRange(all, Math.max(0, end - limit), end), Arrays.copyOfRange(tokens, start, end), 0);
        });
    }
}
