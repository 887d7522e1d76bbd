package dev.coppice.worker.task.language;

import dev.coppice.worker.task.LimitedStream;
import dev.coppice.worker.task.TaskParameters;
import dev.coppice.worker.tokenizer.Tokenizer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Documents that are contexts with continuations.
 *
 * @param task its name, for messages
 * @param parameters limit and length
 * @param documents opens them at the first one
 */
record RequestDocuments(String task, TaskParameters parameters, Supplier<DocumentReader> documents)
        implements DocumentSource {

    @Override
    public Stream<TokenDocument> documents(Tokenizer tokenizer, @Nullable Integer contextLimit) {
        RequestEncoder encoder = new RequestEncoder(tokenizer, FedLength.of(task, parameters.length(), contextLimit));
        DocumentReader reader = documents.get();
        AtomicInteger index = new AtomicInteger();
        return LimitedStream.of(reader::next, reader::close, parameters.limitOrAll())
                .map(document -> encoder.encode(index.getAndIncrement(), document));
    }
}
