package dev.coppice.worker.task;

import dev.coppice.worker.input.InputSpec;
import java.util.stream.Stream;

/** A classification task over files: its definition, its data, and how many examples of it are used. */
final class FileTask implements ClassificationTask {

    private final TaskDefinition definition;
    private final ExampleSource source;
    private final int limit;
    private int size = -1;

    /** The first {@code limit} examples of {@code source}. */
    FileTask(TaskDefinition definition, ExampleSource source, int limit) {
        this.definition = definition;
        this.source = source;
        this.limit = limit;
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
        return "accuracy";
    }

    @Override
    public boolean higherIsBetter() {
        return true;
    }

    @Override
    public String protocol() {
        return definition.protocol();
    }

    @Override
    public String split() {
        return definition.split();
    }

    @Override
    public InputSpec inputs() {
        return source.inputs();
    }

    @Override
    public synchronized int size() {
        if (size < 0) {
            size = source.count();
        }
        return size;
    }

    /** {@inheritDoc} The files are closed after the last example, or with the stream. */
    @Override
    public Stream<LabelledExample> examples() {
        ExampleReader reader = source.open();
        return LimitedStream.of(reader::next, reader::close, limit);
    }
}
