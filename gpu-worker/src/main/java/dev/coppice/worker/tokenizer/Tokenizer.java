package dev.coppice.worker.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A language model's own tokenizer: the tokenizer.json of its folder, run by Hugging Face's library. Immutable; threads may
 * share it. Its native memory is freed once nothing refers to it.
 */
public final class Tokenizer {

    private static final Cleaner CLEANER = Cleaner.create();

    private final HuggingFaceTokenizer library;
    private final TokenizerFiles files;

    private Tokenizer(HuggingFaceTokenizer library, TokenizerFiles files) {
        this.library = library;
        this.files = files;
        CLEANER.register(this, library::close);
    }

    /**
     * The tokenizer of a model folder: tokenizer.json, and tokenizer_config.json or special_tokens_map.json for the marks
     * of a text's beginning and end.
     *
     * @throws TokenizerException when tokenizer.json is missing or one of the files cannot be read
     */
    public static Tokenizer read(Path folder) {
        TokenizerFiles files = TokenizerFiles.read(folder);
        return new Tokenizer(NativeTokenizers.open(folder.resolve(TokenizerFiles.TOKENIZER)), files);
    }

    /**
     * Checks that a model folder has a tokenizer, without reading it.
     *
     * @throws TokenizerException when it has none
     */
    public static void requireIn(Path folder) {
        if (!Files.isRegularFile(folder.resolve(TokenizerFiles.TOKENIZER))) {
            throw TokenizerFiles.missing(folder);
        }
    }

    /** Token ids of {@code text} alone. Special tokens that stand in the text are one token each. */
    public int[] encode(String text) {
        return ids(text, false);
    }

    /** Token ids of {@code text} with what the tokenizer puts around a text: for Llama 3 the mark of its beginning, for GPT nothing. */
    public int[] encodeWithSpecialTokens(String text) {
        return ids(text, true);
    }

    private int[] ids(String text, boolean withSpecialTokens) {
        try {
            Encoding encoding = library.encode(text, withSpecialTokens, false);
            return Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** The text of token ids, special tokens included. Bytes that are no UTF-8 become U+FFFD. */
    public String decode(int[] ids) {
        try {
            return library.decode(Arrays.stream(ids).asLongStream().toArray(), false);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Number of token ids: the highest one, added tokens included, and one. */
    public int vocabulary() {
        return files.vocabulary();
    }

    /** The mark of a text's beginning (bos); null where there is none. */
    public @Nullable Integer beginning() {
        return files.specialTokens().beginning();
    }

    /** The mark of a text's end (eos); null where there is none. */
    public @Nullable Integer end() {
        return files.specialTokens().end();
    }

    /**
     * What stands before a text that has no context, and fills up a window: the mark of the beginning, else that of the end.
     *
     * @throws TokenizerException when the tokenizer has neither
     */
    public int prefix() {
        Integer prefix = beginning() == null ? end() : beginning();
        if (prefix == null) {
            throw new TokenizerException(files.folder()
                    + ": the tokenizer has no bos_token and no eos_token, and this task needs one of them; name it in "
                    + TokenizerFiles.CONFIG);
        }
        return prefix;
    }

    /**
     * Checks that a model has an embedding for every token.
     *
     * @param embeddings rows of the model's embedding
     * @throws TokenizerException when it has not
     */
    public void requireWithin(int embeddings) {
        if (vocabulary() > embeddings) {
            throw new TokenizerException(files.folder() + ": the tokenizer has " + vocabulary()
                    + " tokens, the model's embedding " + embeddings
                    + " rows; put the tokenizer.json of this very model there");
        }
    }
}
