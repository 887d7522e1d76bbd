package dev.coppice.worker.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The marks of a text's beginning and end, as token ids.
 *
 * @param beginning bos; null where the tokenizer has none
 * @param end eos; null where the tokenizer has none
 */
record SpecialTokens(@Nullable Integer beginning, @Nullable Integer end) {

    /** The mark of both ends in GPT's vocabularies, and in ours, which come without a tokenizer_config.json. */
    private static final String GPT_END = "<|endoftext|>";

    /**
     * The marks that tokenizer_config.json (or special_tokens_map.json) names; without one, GPT's mark where the
     * vocabulary has it.
     *
     * @param config content of the file; null where there is none
     * @param added added tokens of tokenizer.json, by text
     */
    static SpecialTokens of(@Nullable JsonNode config, Map<String, Integer> added) {
        if (config == null) {
            Integer end = added.get(GPT_END);
            return new SpecialTokens(end, end);
        }
        return new SpecialTokens(id(config.get("bos_token"), added), id(config.get("eos_token"), added));
    }

    /** A mark is its text, or an object with the text as its content. */
    private static @Nullable Integer id(@Nullable JsonNode mark, Map<String, Integer> added) {
        if (mark == null || mark.isNull()) {
            return null;
        }
        JsonNode text = mark.isObject() ? mark.path("content") : mark;
        return added.get(text.asText());
    }
}
