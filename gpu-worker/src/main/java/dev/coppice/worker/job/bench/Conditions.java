package dev.coppice.worker.job.bench;

import java.time.Duration;

/**
 * How often and with which numbers something is measured.
 *
 * @param threads processor threads that the compute may keep busy, at least 1
 * @param repeats timed repeats, at least 1
 * @param warmUp least time of untimed repeats before them, in which Java compiles the kernels
 * @param seed of random weights and inputs
 */
public record Conditions(int threads, int repeats, Duration warmUp, long seed) {

    public Conditions {
        if (threads < 1 || repeats < 1) {
            throw new IllegalArgumentException(
                    "threads and repeats are at least 1, not " + threads + " and " + repeats);
        }
    }

    Repeats measure(Runnable work) {
        return Repeats.of(repeats, warmUp, work);
    }
}
