package dev.coppice.worker.compute.cpu;

import dev.coppice.worker.compute.LaneTask;
import dev.coppice.worker.compute.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lanes that share the pieces of a piece of work. Threads and lanes come with the first use and are kept. */
final class LaneTeam implements AutoCloseable {

    private final int threads;
    private final Supplier<CpuCompute> newLane;
    private final List<CpuCompute> lanes = new ArrayList<>();
    private @Nullable ExecutorService executor;

    LaneTeam(int threads, Supplier<CpuCompute> newLane) {
        this.threads = threads;
        this.newLane = newLane;
    }

    void run(int pieces, LaneTask task) {
        int workers = Math.min(threads, pieces);
        while (lanes.size() < workers) {
            lanes.add(newLane.get());
        }
        AtomicInteger next = new AtomicInteger();
        AtomicBoolean failed = new AtomicBoolean();
        List<Future<?>> helpers = new ArrayList<>();
        for (int i = 1; i < workers; i++) {
            CpuCompute lane = lanes.get(i);
            helpers.add(executor().submit(() -> work(lane, pieces, next, failed, task)));
        }
        Throwable failure = null;
        if (workers > 0) {
            try {
                work(lanes.get(0), pieces, next, failed, task);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
        }
        for (Future<?> helper : helpers) {
            Throwable its = failureOf(helper);
            failure = failure == null ? its : failure;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    private static void work(CpuCompute lane, int pieces, AtomicInteger next, AtomicBoolean failed, LaneTask task) {
        for (int piece = next.getAndIncrement(); piece < pieces && !failed.get(); piece = next.getAndIncrement()) {
            try (Scope scope = lane.scope()) {
                task.run(piece, lane);
            } catch (RuntimeException | Error e) {
                failed.set(true);
                throw e;
            }
        }
    }

    private static @Nullable Throwable failureOf(Future<?> helper) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    helper.get();
                    return null;
                } catch (InterruptedException e) {
                    interrupted = true; // its piece still uses tensors of the caller: wait, then pass the interrupt on
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

    @Override
    public void close() {
        if (executor != null) {
            executor.shutdown();
        }
        lanes.forEach(CpuCompute::close);
        lanes.clear();
    }
}
