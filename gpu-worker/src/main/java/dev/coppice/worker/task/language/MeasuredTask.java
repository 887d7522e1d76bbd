package dev.coppice.worker.task.language;

import dev.coppice.results.Metrics;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.task.LanguageTask;
import dev.coppice.worker.task.TaskDefinition;
import dev.coppice.worker.tokenizer.Tokenizer;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A language task over data that was found.
 *
 * @param definition what it is
 * @param protocol how its metric is computed
 * @param measure what is computed over its documents
 * @param source where they come from
 */
record MeasuredTask(TaskDefinition definition, String protocol, Measure measure, DocumentSource source)
        implements LanguageTask {

    @Override
    public Stream<TokenDocument> documents(Tokenizer tokenizer, @Nullable Integer contextLimit) {
        return source.documents(tokenizer, contextLimit);
    }

    @Override
    public Metrics metrics(List<DocumentScore> scores) {
        return measure.of(scores);
    }

    @Override
    public String name() {
        return definition.name();
    }

    @Override
    public String version() {
        return definition.version();
    }

    @Override
    public String metric() {
        return measure.metric();
    }

    @Override
    public boolean higherIsBetter() {
        return measure.higherIsBetter();
    }

    @Override
    public String split() {
        return definition.split();
    }

    @Override
    public InputSpec inputs() {
        return definition.inputs();
    }
}
