package dev.coppice.worker.job;

import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.task.LanguageTask;
import dev.coppice.worker.task.Tasks;
import dev.coppice.worker.task.language.TokenDocument;
import dev.coppice.worker.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * A language task and its documents, in a model's tokens.
 *
 * @param list in the data's order
 */
public record LanguageDocuments(LanguageTask task, List<TokenDocument> list) {

    /**
     * Reads and encodes the documents.
     *
     * @param folder of {@code model}, with its tokenizer
     * @param parameters of the task, as {@link Tasks#open} takes them
     * @throws dev.coppice.worker.tokenizer.TokenizerException when the tokenizer is missing or another model's
     * @throws dev.coppice.worker.task.DataException when the data is missing or wrong
     */
    public static LanguageDocuments read(
            Path folder, LanguageModel model, String task, String dataPath, SortedMap<String, String> parameters) {
        Tokenizer tokenizer = Tokenizer.read(folder);
        tokenizer.requireWithin(model.vocabulary());
        LanguageTask opened = Tasks.language(task, dataPath, parameters);
        try (Stream<TokenDocument> documents = opened.documents(tokenizer, model.contextLimit())) {
            return new LanguageDocuments(opened, documents.toList());
        }
    }
}
