package dev.coppice.worker.job.bench;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import java.time.Duration;
import java.util.Arrays;

/** What the machine's matrix products reach at best, all lanes at work: the ceiling for a model made of them. */
final class MatrixPeak {

    private static final int SIZE = 1024;
    private static final int PRODUCTS = 4;
    private static final int REPEATS = 20;

    private MatrixPeak() {}

    /** GFLOP/s of SIZE x SIZE products, {@code lanes} at a time, in the fastest of several repeats. */
    static double gigaflops(Compute compute, int lanes) {
        try (Scope scope = compute.scope()) {
            float[] ones = new float[SIZE * SIZE];
            Arrays.fill(ones, 1f);
            Tensor x = compute.tensor(ones, 1, SIZE, SIZE);
            Tensor weight = compute.tensor(ones, SIZE, SIZE);
            Repeats times = Repeats.of(
                    REPEATS,
                    Duration.ofMillis(200),
                    () -> compute.parallel(lanes * PRODUCTS, (piece, lane) -> lane.linear(x, weight, null)));
            return 2e-9 * Math.pow(SIZE, 3) * lanes * PRODUCTS / times.min();
        }
    }
}
