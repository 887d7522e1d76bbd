package dev.coppice.worker.task;

import dev.coppice.worker.input.InputSpec;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

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
        Examples examples = new Examples(source.open(), limit);
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(examples, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(examples::close);
    }

    private static final class Examples implements Iterator<LabelledExample> {

        private final ExampleReader reader;
        private int remaining;
        private @Nullable LabelledExample ahead;

        Examples(ExampleReader reader, int limit) {
            this.reader = reader;
            this.remaining = limit;
        }

        @Override
        public boolean hasNext() {
            if (ahead == null && remaining > 0) {
                remaining--;
                ahead = reader.next();
            }
            if (ahead == null) {
                close();
            }
            return ahead != null;
        }

        @Override
        public LabelledExample next() {
            LabelledExample next = hasNext() ? ahead : null;
            if (next == null) {
                throw new NoSuchElementException("no example is left");
            }
            ahead = null;
            return next;
        }

        void close() {
            remaining = 0;
            reader.close();
        }
    }
}
