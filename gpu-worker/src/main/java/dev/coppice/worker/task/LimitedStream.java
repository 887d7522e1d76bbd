package dev.coppice.worker.task;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What a reader reads, as a stream. */
public final class LimitedStream {

    private LimitedStream() {}

    /**
     * The first {@code limit} elements, read as they are taken.
     *
     * @param next reads the next element; null after the last
     * @param close runs after the last element, and with the stream
     */
    public static <T> Stream<T> of(Supplier<@Nullable T> next, Runnable close, int limit) {
        Elements<T> elements = new Elements<>(next, close, limit);
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(elements, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(elements::close);
    }

    private static final class Elements<T> implements Iterator<T> {

        private final Supplier<@Nullable T> reader;
        private final Runnable closer;
        private int remaining;
        private @Nullable T ahead;

        Elements(Supplier<@Nullable T> reader, Runnable closer, int limit) {
            this.reader = reader;
            this.closer = closer;
            this.remaining = limit;
        }

        @Override
        public boolean hasNext() {
            if (ahead == null && remaining > 0) {
                remaining--;
                ahead = reader.get();
            }
            if (ahead == null) {
                close();
            }
            return ahead != null;
        }

        @Override
        public T next() {
            T next = hasNext() ? ahead : null;
            if (next == null) {
                throw new NoSuchElementException("no element is left");
            }
            ahead = null;
            return next;
        }

        void close() {
            remaining = 0;
            closer.run();
        }
    }
}
