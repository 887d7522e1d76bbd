package dev.coppice.worker.task;

import dev.coppice.results.Metrics;
import dev.coppice.worker.task.language.DocumentScore;
import dev.coppice.worker.task.language.TokenDocument;
import dev.coppice.worker.tokenizer.Tokenizer;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Texts whose tokens a language model predicts: documents for it, and metrics from what it made of them. */
public interface LanguageTask extends Task {

    /**
     * The documents in the data's order, encoded as they are taken. Closing the stream closes the files.
     *
     * @param tokenizer the model's own
     * @param contextLimit most tokens that the model's positions allow; null for any number
     * @throws DataException when the data is not what its layout says (the message names file and row), or the task's windows
     *     are longer than the model's positions
     */
    Stream<TokenDocument> documents(Tokenizer tokenizer, @Nullable Integer contextLimit);

    /**
     * The metrics over all documents.
     *
     * @param scores what {@link TokenDocument#judge} gave for each, in their order; at least one
     */
    Metrics metrics(List<DocumentScore> scores);
}
