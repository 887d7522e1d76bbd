package dev.coppice.worker.task.language;

import dev.coppice.worker.tokenizer.Tokenizer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a task's documents come from. */
@FunctionalInterface
interface DocumentSource {

    /** As {@link dev.coppice.worker.task.LanguageTask#documents}. */
    Stream<TokenDocument> documents(Tokenizer tokenizer, @Nullable Integer contextLimit);
}
