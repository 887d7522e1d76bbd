package dev.coppice.worker.task.language;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.coppice.worker.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.tukaani.xz.XZInputStream;

/** What lm-evaluation-harness makes of the shipped data; see the fixtures' README. */
final class Goldens {

    static final Path DATA = Path.of("..", "data", "lm");
    private static final Path FIXTURES = Path.of("src/test/resources/fixtures/eval");

    private Goldens() {}

    /** The content of a golden file. */
    static JsonNode read(String name) {
        try (InputStream json = new XZInputStream(
                Files.newInputStream(FIXTURES.resolve("golden").resolve(name + ".json.xz")))) {
            return JsonMapper.builder().build().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tokenizer of the model that the goldens are of. */
    static Tokenizer tokenizer() {
        return Tokenizer.read(FIXTURES.resolve("model"));
    }

    static int[] ints(JsonNode array) {
        return elements(array).stream().mapToInt(JsonNode::asInt).toArray();
    }

    static List<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    /** The answers that the golden model gave. */
    static List<RequestScore> scores(JsonNode requests) {
        return elements(requests).stream()
                .map(request -> new RequestScore(
                        request.get("logprob").asDouble(),
                        request.get("is_greedy").asBoolean()))
                .toList();
    }
}
