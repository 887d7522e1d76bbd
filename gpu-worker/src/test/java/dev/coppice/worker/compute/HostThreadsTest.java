package dev.coppice.worker.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostThreadsTest {

    @ParameterizedTest
    @CsvSource({"1, 5", "3, 100", "4, 2", "2, 0"})
    void eachPieceRunsOnce(int threads, int pieces) {
        AtomicIntegerArray runs = new AtomicIntegerArray(Math.max(1, pieces));
        new HostThreads(threads).run(pieces, runs::incrementAndGet);
        for (int piece = 0; piece < pieces; piece++) {
            assertThat(runs.get(piece)).isEqualTo(1);
        }
    }

    @Test
    void piecesRunSideBySide() {
        CountDownLatch bothAreHere = new CountDownLatch(2);
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        new HostThreads(2).run(2, piece -> {
            seen.add(Thread.currentThread());
            bothAreHere.countDown();
            try {
                bothAreHere.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(seen).hasSize(2).contains(Thread.currentThread());
    }

    @Test
    void aFailureEndsTheWorkAndIsThrown() {
        AtomicInteger begun = new AtomicInteger();
        assertThatThrownBy(() -> new HostThreads(2).run(10_000, piece -> {
                    begun.incrementAndGet();
                    throw new IllegalArgumentException("piece " + piece);
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("piece ");
        assertThat(begun.get()).isLessThanOrEqualTo(2);
    }
}
