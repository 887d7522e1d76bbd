package dev.coppice.worker.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Threads of the processor that share the pieces of a piece of work, the calling one among them. They come with the first use and are kept. */
public final class HostThreads implements AutoCloseable {

    private final int threads;
    private @Nullable ExecutorService executor;

    /** A piece of work for one of the threads. */
    @FunctionalInterface
    public interface Work {

        /**
         * Runs piece number {@code piece}.
         *
         * @param thread number of the thread, from 0 on: it runs one piece at a time
         */
        void run(int thread, int piece);
    }

    /** At most {@code threads} at a time. */
    public HostThreads(int threads) {
        this.threads = threads;
    }

    /** Threads that share so many pieces. */
    public int of(int pieces) {
        return Math.min(threads, pieces);
    }

    /** As {@link #run(int, Work)}, whichever thread it is. */
    public void run(int pieces, IntConsumer work) {
        run(pieces, (thread, piece) -> work.accept(piece));
    }

    /**
     * Runs the pieces 0 to {@code pieces} - 1 and returns when they have ended. A failure is thrown then; no piece begins after it. An
     * interrupt of the calling thread is kept until then: pieces write to what the caller holds.
     */
    public void run(int pieces, Work work) {
        AtomicInteger next = new AtomicInteger();
        AtomicBoolean failed = new AtomicBoolean();
        List<Future<?>> others = new ArrayList<>();
        for (int i = 1; i < of(pieces); i++) {
            int thread = i;
            others.add(executor().submit(() -> share(thread, pieces, next, failed, work)));
        }
        Throwable failure = null;
        try {
            share(0, pieces, next, failed, work);
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        for (Future<?> other : others) {
            Throwable its = failureOf(other);
            failure = failure == null ? its : failure;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    private static void share(int thread, int pieces, AtomicInteger next, AtomicBoolean failed, Work work) {
        for (int piece = next.getAndIncrement(); piece < pieces && !failed.get(); piece = next.getAndIncrement()) {
            try {
                work.run(thread, piece);
            } catch (RuntimeException | Error e) {
                failed.set(true);
                throw e;
            }
        }
    }

    private static @Nullable Throwable failureOf(Future<?> other) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    other.get();
                    return null;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    return e.getCause();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private ExecutorService executor() {
        if (executor == null) {
            executor = Executors.newFixedThreadPool(threads - 1, body -> {
                Thread thread = new Thread(body, "coppice-lane");
                thread.setDaemon(true);
                return thread;
            });
        }
        return executor;
    }

    /** Ends the threads. */
    @Override
    public void close() {
        if (executor != null) {
            executor.shutdown();
        }
    }
}
