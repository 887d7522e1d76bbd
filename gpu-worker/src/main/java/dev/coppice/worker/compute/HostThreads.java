package dev.coppice.worker.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Work of the processor beside a device: pieces on several threads, the calling one among them. */
public final class HostThreads {

    private final int threads;

    /** At most {@code threads} at a time. */
    public HostThreads(int threads) {
        this.threads = threads;
    }

    /** Runs all pieces and returns when they have ended. The first failure is thrown then; no piece begins after it. */
    public void run(int pieces, IntConsumer work) {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Runnable loop = () -> {
            for (int piece = next.getAndIncrement();
                    piece < pieces && failure.get() == null;
                    piece = next.getAndIncrement()) {
                try {
                    work.accept(piece);
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                }
            }
        };
        List<Thread> others = new ArrayList<>();
        for (int i = 1; i < Math.min(threads, pieces); i++) {
            Thread other = new Thread(loop, "coppice-host-" + i);
            other.setDaemon(true);
            other.start();
            others.add(other);
        }
        loop.run();
        others.forEach(HostThreads::join);
        Throwable thrown = failure.get();
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        if (thrown instanceof Error e) {
            throw e;
        }
    }

    /** Waits even when interrupted: pieces write to what the caller holds. */
    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
