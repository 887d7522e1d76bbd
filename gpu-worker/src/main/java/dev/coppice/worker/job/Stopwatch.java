package dev.coppice.worker.job;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/** The time that each phase of a job took. */
final class Stopwatch {

    private final Instant started = Instant.now();
    private final Map<Phase, Long> nanos = new EnumMap<>(Phase.class);

    Instant started() {
        return started;
    }

    /** Does {@code work} and adds its time to {@code phase}, also when it fails. */
    <T> T time(Phase phase, Supplier<T> work) {
        long start = System.nanoTime();
        try {
            return work.get();
        } finally {
            nanos.merge(phase, System.nanoTime() - start, Long::sum);
        }
    }

    double seconds(Phase phase) {
        return nanos.getOrDefault(phase, 0L) / 1e9;
    }
}
