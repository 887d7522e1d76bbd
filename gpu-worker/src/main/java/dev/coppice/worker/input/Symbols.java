package dev.coppice.worker.input;

import java.util.List;

/**
 * A sequence of words of a small language, such as ListOps, that the model's vocabulary numbers.
 *
 * @param symbols the words in order, without padding or end marks
 */
public record Symbols(List<String> symbols) implements Input {

    public Symbols {
        symbols = List.copyOf(symbols);
    }
}
