package dev.coppice.worker.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Opens tokenizers of the native library, which is kept from the network. */
final class NativeTokenizers {

    /** No cutting and no padding, whatever tokenizer.json says: ids are those of the whole text. */
    private static final Map<String, String> WHOLE_TEXTS = Map.of("truncation", "false", "padding", "false");

    static {
        // The library bundles its CPU build and unpacks that; beside a GPU it would fetch another one, and on a cloud
        // machine it would report its use. Its own switches for both are system properties, read when it loads.
        System.setProperty("RUST_FLAVOR", "cpu");
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
    }

    private NativeTokenizers() {}

    /**
     * Reads a tokenizer.json.
     *
     * @throws TokenizerException when it cannot be read or is none
     */
    static HuggingFaceTokenizer open(Path file) {
        try (InputStream json = Files.newInputStream(file)) {
            return HuggingFaceTokenizer.newInstance(json, WHOLE_TEXTS);
        } catch (IOException | RuntimeException e) {
            throw new TokenizerException(
                    file + ": cannot be read as a tokenizer (" + e.getMessage()
                            + "); put the tokenizer.json of the model's publisher there",
                    e);
        }
    }
}
