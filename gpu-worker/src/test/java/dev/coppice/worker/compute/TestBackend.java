package dev.coppice.worker.compute;

import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.job.Backends;
import java.util.Set;

/**
 * The backend that tests of operations and models run on: cpu, unless the system property coppice.test.backend names another,
 * whose device is then coppice.test.device, or 0. The tests are the same for all.
 */
public final class TestBackend {

    private static final String NAME = System.getProperty("coppice.test.backend", CpuBackend.NAME);

    private TestBackend() {}

    /**
     * How far a sequence's result may lie from that of another batch, relative to the largest: nothing on the CPU, rounding where
     * a library chooses how to sum by the number of rows.
     */
    public static double batchTolerance() {
        return NAME.equals(CpuBackend.NAME) ? 0 : 2e-6;
    }

    /** Arithmetics of classifiers. */
    public static Set<Precision> classifierPrecisions() {
        return Backends.of(NAME).classifierPrecisions();
    }

    /** A compute in float32. */
    public static Compute open(int threads) {
        return open(threads, Precision.FLOAT32);
    }

    /** A compute of this arithmetic. */
    public static Compute open(int threads, Precision precision) {
        String device = System.getProperty("coppice.test.device", NAME.equals(CpuBackend.NAME) ? CpuBackend.NAME : "0");
        return Backends.of(NAME).open(device, threads, precision);
    }
}
