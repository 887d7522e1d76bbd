package dev.coppice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.results.JobSpec;
import dev.coppice.worker.compute.MemoryShare;
import dev.coppice.worker.weights.Fingerprint;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A sweep that is stopped while a job loads: an interrupt closes the files being read, which is nobody's failure. */
class InterruptedLoadTest {

    private static final Path DATA = Path.of("..", "data");

    @Test
    void aJobStoppedWhileItLoadsLeavesNoRow() {
        Path folder = DATA.resolve("checkpoints/s5-smnist");
        JobSpec spec = new JobSpec(
                "s5-smnist",
                Fingerprint.of(folder, null),
                "smnist",
                "1",
                new TreeMap<>(Map.of("limit", "1")),
                JobSpec.DENSE,
                new TreeMap<>(),
                new TreeMap<>(),
                BigDecimal.ZERO,
                null,
                "float32");
        JobTicket ticket = new JobTicket(
                spec,
                "interrupted",
                1,
                folder.toString(),
                null,
                DATA.resolve("mnist").toString(),
                null,
                null);
        JobRunner runner =
                new JobRunner(new WorkerSettings("cpu", List.of(), 1, 1 << 20, false, MemoryShare.WHOLE), Map.of());

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> runner.run(ticket, Assignment.NONE)).isInstanceOf(Deadline.CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(runner.run(ticket, Assignment.NONE).row().failure()).isNull();
    }

    @Test
    void jobsThatWaitedForAStoppedOneLoadThemselves() throws Exception {
        SharedCache cache = new SharedCache(1 << 20);
        CountDownLatch loading = new CountDownLatch(1);
        CompletableFuture<Thread> waiter = new CompletableFuture<>();
        ExecutorService jobs = Executors.newFixedThreadPool(2);
        try {
            Future<Object> stopped = jobs.submit(() -> cache.get(
                    "key",
                    String.class,
                    () -> {
                        loading.countDown();
                        awaitBlocked(waiter.join());
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException("closed by interrupt");
                    },
                    String::length));
            loading.await();
            Future<String> other = jobs.submit(() -> {
                waiter.complete(Thread.currentThread());
                return cache.get("key", String.class, () -> "value", String::length);
            });

            assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo("value");
            assertThatThrownBy(stopped::get).hasRootCauseInstanceOf(Deadline.CancelledException.class);
            assertThat(cache.loads()).isEqualTo(2);
        } finally {
            jobs.shutdownNow();
        }
    }

    private static void awaitBlocked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }
}
