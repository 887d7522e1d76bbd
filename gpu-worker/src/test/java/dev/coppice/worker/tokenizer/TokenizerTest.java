package dev.coppice.worker.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {

    private static final Path GPT = Path.of("src/test/resources/fixtures/eval/tokenizers/gpt-neox-20b/tokenizer.json");
    private static final Path LLAMA = Path.of("src/test/resources/fixtures/eval/tokenizers/llama3/tokenizer.json");

    @TempDir
    private Path folder;

    @Test
    void longTextsAreNeitherCutNorPadded() throws IOException {
        Files.copy(GPT, folder.resolve("tokenizer.json"));
        Tokenizer tokenizer = Tokenizer.read(folder);
        String text = "Hello world".repeat(20_000);

        assertThat(tokenizer.encode(text)).hasSize(40_000).startsWith(12092, 1533, 12092);
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
        assertThat(tokenizer.encode("")).isEmpty();
    }

    @Test
    void marksComeFromTheConfigAsTextsOrObjects() throws IOException {
        Files.copy(LLAMA, folder.resolve("tokenizer.json"));
        write(
                "tokenizer_config.json",
                "{\"bos_token\": \"<|begin_of_text|>\", \"eos_token\": {\"content\": \"<|end_of_text|>\"}}");
        Tokenizer tokenizer = Tokenizer.read(folder);

        assertThat(tokenizer.beginning()).isEqualTo(128000);
        assertThat(tokenizer.end()).isEqualTo(128001);
        assertThat(tokenizer.prefix()).isEqualTo(128000);
    }

    @Test
    void aTokenizerWithoutBeginningIsPrefixedWithItsEnd() throws IOException {
        Files.copy(LLAMA, folder.resolve("tokenizer.json"));
        write("special_tokens_map.json", "{\"bos_token\": null, \"eos_token\": \"<|end_of_text|>\"}");

        assertThat(Tokenizer.read(folder).beginning()).isNull();
        assertThat(Tokenizer.read(folder).prefix()).isEqualTo(128001);
    }

    @Test
    void withoutAConfigGptsMarkIsBothEnds() throws IOException {
        Files.copy(GPT, folder.resolve("tokenizer.json"));
        Tokenizer tokenizer = Tokenizer.read(folder);

        assertThat(tokenizer.beginning()).isEqualTo(0);
        assertThat(tokenizer.end()).isEqualTo(0);
    }

    @Test
    void aTokenizerWithoutMarksSaysWhereToNameOne() throws IOException {
        Files.copy(LLAMA, folder.resolve("tokenizer.json"));
        assertThatThrownBy(() -> Tokenizer.read(folder).prefix())
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("no bos_token and no eos_token")
                .hasMessageContaining("tokenizer_config.json");
    }

    @Test
    void missingAndDamagedFilesAreNamed() throws IOException {
        assertThatThrownBy(() -> Tokenizer.read(folder))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining(folder.resolve("tokenizer.json") + ": there is no such file");

        String whole = Files.readString(GPT);
        write("tokenizer.json", whole.substring(0, whole.length() / 2));
        assertThatThrownBy(() -> Tokenizer.read(folder))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("tokenizer.json: is not JSON (");

        write("tokenizer.json", "{}");
        assertThatThrownBy(() -> Tokenizer.read(folder))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("tokenizer.json: found no vocabulary");

        write("tokenizer.json", "{\"model\": {\"type\": \"Unknown\", \"vocab\": {\"a\": 0}}}");
        assertThatThrownBy(() -> Tokenizer.read(folder))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("tokenizer.json: cannot be read as a tokenizer (");
    }

    @Test
    void aVocabularyBeyondTheEmbeddingIsRefused() throws IOException {
        Files.copy(GPT, folder.resolve("tokenizer.json"));
        Tokenizer tokenizer = Tokenizer.read(folder);

        tokenizer.requireWithin(50277);
        assertThatThrownBy(() -> tokenizer.requireWithin(50276))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("the tokenizer has 50277 tokens, the model's embedding 50276 rows");
    }

    @Test
    void theLibraryIsKeptFromTheNetwork() throws IOException {
        Files.copy(GPT, folder.resolve("tokenizer.json"));
        Tokenizer.read(folder);

        assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
        assertThat(System.getProperty("RUST_FLAVOR")).isEqualTo("cpu");
        assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("true");
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }
}
