package dev.coppice.worker.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the native library doesn't tell of a tokenizer, from its files.
 *
 * @param folder where they lie, for messages
 * @param vocabulary number of token ids: the highest one, added tokens included, and one
 * @param specialTokens the marks of a text's beginning and end
 */
record TokenizerFiles(Path folder, int vocabulary, SpecialTokens specialTokens) {

    static final String TOKENIZER = "tokenizer.json";
    static final String CONFIG = "tokenizer_config.json";
    private static final String SPECIAL_TOKENS = "special_tokens_map.json";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static TokenizerFiles read(Path folder) {
        Path file = folder.resolve(TOKENIZER);
        JsonNode tokenizer = content(file);
        if (tokenizer == null) {
            throw missing(folder);
        }
        JsonNode vocabulary = tokenizer.path("model").path("vocab");
        if (!vocabulary.isObject()) {
            throw new TokenizerException(file + ": found no vocabulary (model.vocab, an object from token to id);"
                    + " put the tokenizer.json of the model's publisher there");
        }
        int highest = -1;
        for (JsonNode id : vocabulary) {
            highest = Math.max(highest, id.asInt());
        }
        Map<String, Integer> added = new HashMap<>();
        for (JsonNode token : tokenizer.path("added_tokens")) {
            int id = token.path("id").asInt();
            added.put(token.path("content").asText(), id);
            highest = Math.max(highest, id);
        }
        JsonNode config = content(folder.resolve(CONFIG));
        JsonNode marks = config == null ? content(folder.resolve(SPECIAL_TOKENS)) : config;
        return new TokenizerFiles(folder, highest + 1, SpecialTokens.of(marks, added));
    }

    /** The error of a folder without a tokenizer. */
    static TokenizerException missing(Path folder) {
        return new TokenizerException(folder.resolve(TOKENIZER)
                + ": there is no such file, and a language model needs one; copy the tokenizer.json that its publisher"
                + " names (for state-spaces' Mamba models that of EleutherAI's gpt-neox-20b)");
    }

    /** The file's content; null where there is no such file. */
    private static @Nullable JsonNode content(Path file) {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return JSON.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new TokenizerException(
                    file + ": is not JSON (" + e.getOriginalMessage() + "); check that it is complete", e);
        } catch (IOException e) {
            throw new TokenizerException(
                    file + ": cannot be read (" + e.getMessage() + "); check that it may be read", e);
        }
    }
}
