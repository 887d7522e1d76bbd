package dev.coppice.worker.model.layer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coppice.worker.input.Input;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Symbols;
import dev.coppice.worker.input.Text;
import dev.coppice.worker.input.TokenIds;
import dev.coppice.worker.model.InputException;
import dev.coppice.worker.model.SequenceBatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sequences of tokens, padded with id 0 to the model's length. Symbols and characters (code points) are numbered by the
 * vocabulary, cut so that the end mark still fits, and closed by it where the vocabulary has one; numbered tokens are
 * taken as they are.
 *
 * @param steps T
 * @param ids number of ids that the model's first layer takes
 * @param padded whether lengths below T count: else every step of a sequence is valid, padding included
 * @param vocabulary id of each token; empty where the config has none
 */
public record TokenEncoder(int steps, int ids, boolean padded, Map<String, Integer> vocabulary)
        implements InputEncoder {

    private static final String UNKNOWN = "<unk>";
    private static final String END = "<eos>";

    public TokenEncoder {
        vocabulary = Map.copyOf(vocabulary);
    }

    static TokenEncoder read(ConfigKeys keys) {
        int ids = keys.positive("d_input");
        return new TokenEncoder(keys.positive("seq_len"), ids, keys.flag("padded"), vocabulary(keys, ids));
    }

    private static Map<String, Integer> vocabulary(ConfigKeys keys, int ids) {
        Map<String, Integer> vocabulary = new HashMap<>();
        if (keys.has("vocab")) {
            JsonNode tokens = keys.value("vocab");
            for (JsonNode token : tokens) {
                if (!token.isTextual() || vocabulary.put(token.textValue(), vocabulary.size()) != null) {
                    throw keys.wrong("vocab", "a list of different tokens, by id");
                }
            }
            if (!tokens.isArray() || tokens.isEmpty() || tokens.size() > ids) {
                throw keys.wrong("vocab", "a list of 1 to " + ids + " tokens (d_input)");
            }
        }
        return vocabulary;
    }

    @Override
    public SequenceBatch encode(List<Input> inputs) {
        List<Input> sequences = InputEncoder.flat(inputs);
        int[] tokens = new int[sequences.size() * steps]; // (B, T)
        int[] lengths = new int[sequences.size()]; // (B)
        for (int b = 0; b < lengths.length; b++) {
            int[] own = ids(sequences.get(b));
            if (own.length == 0) {
                throw new InputException("a sequence without tokens");
            }
            System.arraycopy(own, 0, tokens, b * steps, own.length);
            lengths[b] = padded ? own.length : steps;
        }
        return SequenceBatch.ofTokens(lengths.length, steps, tokens, lengths);
    }

    private int[] ids(Input input) {
        if (input instanceof Symbols symbols) {
            return numbered(symbols.symbols().stream());
        }
        if (input instanceof Text text) {
            return numbered(text.text().codePoints().mapToObj(Character::toString));
        }
        if (input instanceof TokenIds tokens) {
            return checked(tokens.ids());
        }
        throw new InputException("the model takes tokens, not pictures");
    }

    private int[] numbered(Stream<String> symbols) {
        Integer end = vocabulary.get(END);
        IntStream ids = symbols.limit(end == null ? steps : steps - 1).mapToInt(this::id);
        return (end == null ? ids : IntStream.concat(ids, IntStream.of(end))).toArray();
    }

    private int id(String symbol) {
        Integer id = vocabulary.getOrDefault(symbol, vocabulary.get(UNKNOWN));
        if (id == null) {
            throw new InputException("\"" + symbol + "\" is not in the model's vocabulary, which has no " + UNKNOWN);
        }
        return id;
    }

    private int[] checked(int[] tokens) {
        if (tokens.length > steps) {
            throw new InputException(tokens.length + " tokens; the model takes up to " + steps);
        }
        for (int t = 0; t < tokens.length; t++) {
            if (tokens[t] < 0 || tokens[t] >= ids) {
                throw new InputException(
                        "token " + t + " has the id " + tokens[t] + "; the model knows 0 to " + (ids - 1));
            }
        }
        return tokens;
    }

    @Override
    public @Nullable String refusal(InputSpec inputs) {
        return switch (inputs.kind()) {
            case PIXELS -> "the model takes tokens, the task has pixels";
            case SAMPLES -> "the model takes tokens, the task has sound";
            case LANGUAGE -> "the model takes whole inputs, the task has texts to continue";
            case TOKEN_IDS -> null;
            case SYMBOLS, TEXT ->
                vocabulary.isEmpty() ? "the model's config.json has no vocab" : refusalOf(inputs.kind());
        };
    }

    /** A vocabulary of words has long tokens besides its marks; one of characters has not. */
    private @Nullable String refusalOf(InputKind kind) {
        boolean words = vocabulary.keySet().stream()
                .anyMatch(token -> token.codePointCount(0, token.length()) > 1 && !token.startsWith("<"));
        if (words == (kind == InputKind.SYMBOLS)) {
            return null;
        }
        return words ? "the model's vocabulary is of words, not characters" : "the model's vocabulary is of characters";
    }
}
