package dev.coppice.worker.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids and texts of published tokenizers, against those of Hugging Face's library in Python. */
class TokenizerGoldenTest {

    private static final Path FIXTURES = Path.of("src/test/resources/fixtures/eval");

    @ParameterizedTest
    @ValueSource(strings = {"gpt-neox-20b", "llama3", "phi", "smollm2"})
    void idsAndTextsAreThoseOfTheReference(String name) throws IOException {
        JsonNode cases = JsonMapper.builder().build().readTree(Files.readString(FIXTURES.resolve("tokenizers.json")));
        JsonNode strings = cases.get("strings");
        JsonNode golden = cases.get("tokenizers").get(name);
        Tokenizer tokenizer = Tokenizer.read(FIXTURES.resolve("tokenizers").resolve(name));

        assertThat(strings.size()).isEqualTo(70);
        for (int i = 0; i < strings.size(); i++) {
            String text = strings.get(i).asText();
            int[] ids = ints(golden.get("ids").get(i));
            assertThat(tokenizer.encode(text)).as(text).containsExactly(ids);
            assertThat(tokenizer.encodeWithSpecialTokens(text))
                    .as(text)
                    .containsExactly(ints(golden.get("ids_with_special_tokens").get(i)));
            assertThat(tokenizer.decode(ids))
                    .isEqualTo(golden.get("decoded").get(i).asText());
        }
        for (JsonNode pair : golden.get("pairs")) {
            String context = pair.get("context").asText();
            String whole = context + pair.get("continuation").asText();
            assertThat(tokenizer.encode(context)).as(context).containsExactly(ints(pair.get("context_ids")));
            assertThat(tokenizer.encode(whole)).as(whole).containsExactly(ints(pair.get("whole_ids")));
        }
        assertThat(tokenizer.vocabulary())
                .isEqualTo(golden.get("vocab_size_with_added").asInt());
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
