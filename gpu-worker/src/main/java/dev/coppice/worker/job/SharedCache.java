package dev.coppice.worker.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * What the concurrent jobs of an executor share: models, scores, examples. Each key is loaded once, by the first job that
 * asks, while the others wait; a load that failed is forgotten, so that the next job tries again. The least recently used
 * entries leave when the bound is passed; whoever still uses one keeps it alive.
 */
public final class SharedCache {

    private final long maxBytes;
    private final Map<Object, Entry> entries = new LinkedHashMap<>(16, 0.75f, true); // in the order of use
    private final AtomicLong loads = new AtomicLong();
    private long bytes;

    private static final class Entry {
        private final CompletableFuture<Object> value = new CompletableFuture<>();
        private long bytes;
    }

    /** A cache of at most {@code maxBytes} bytes, beyond the entry that was asked for last. */
    public SharedCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * The value of {@code key}, loaded if it is not there.
     *
     * @param type class of the value
     * @param size bytes that a value takes
     * @throws RuntimeException what {@code load} threw, to all jobs that waited for it
     */
    public <T> T get(Object key, Class<T> type, Supplier<T> load, ToLongFunction<T> size) {
        Entry fresh = new Entry();
        Entry known;
        synchronized (this) {
            known = entries.get(key);
            if (known == null) {
                entries.put(key, fresh);
            }
        }
        Entry entry = known == null ? fresh : known;
        if (known == null) {
            load(key, entry, load, size);
        }
        try {
            return type.cast(entry.value.join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof Deadline.CancelledException
                    && !Thread.currentThread().isInterrupted()) {
                return get(key, type, load, size); // the job that was loading has been stopped, this one has not
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }

    private <T> void load(Object key, Entry entry, Supplier<T> load, ToLongFunction<T> size) {
        try {
            loads.incrementAndGet();
            T value = load.get();
            synchronized (this) {
                entry.bytes = size.applyAsLong(value);
                bytes += entry.bytes;
                evict(entry);
            }
            entry.value.complete(value);
        } catch (RuntimeException | Error e) {
            synchronized (this) {
                entries.remove(key, entry);
            }
            entry.value.completeExceptionally(
                    Thread.currentThread().isInterrupted() ? new Deadline.CancelledException() : e);
        }
    }

    private void evict(Entry newest) {
        var oldest = entries.values().iterator();
        while (bytes > maxBytes && oldest.hasNext()) {
            Entry candidate = oldest.next();
            if (candidate != newest && candidate.value.isDone()) {
                bytes -= candidate.bytes;
                oldest.remove();
            }
        }
    }

    /** The keys of this class whose values are there or being loaded. */
    public synchronized <K> List<K> keys(Class<K> type) {
        return entries.keySet().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** Loads so far, failed ones included. */
    public long loads() {
        return loads.get();
    }

    /** Bytes that the entries take. */
    public synchronized long bytes() {
        return bytes;
    }
}
