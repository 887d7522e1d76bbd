package dev.coppice.worker.job.bench;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.Matrix;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.SplitMix64;
import dev.coppice.worker.compute.Tensor;
import java.time.Duration;

/** What the device's matrix products reach at best, all lanes at work: the ceiling for a model made of them. */
final class MatrixPeak {

    private static final int SIZE = 1024;
    private static final int LARGE = 8192;
    private static final int PRODUCTS = 4;
    private static final int QUEUED = 16; // so that the wait for the last is a small part
    private static final int REPEATS = 20;
    private static final int LARGE_REPEATS = 5;

    private MatrixPeak() {}

    /**
     * GFLOP/s of square products of random numbers in the compute's arithmetic, {@code lanes} at a time, in the fastest of several
     * repeats. Their side is 1024, and 8192 on a device that wants as many rows at once.
     */
    static double gigaflops(Compute compute, int lanes) {
        return compute.language().preferredRows() >= LARGE ? ofDevice(compute) : ofLanes(compute, lanes);
    }

    private static double ofLanes(Compute compute, int lanes) {
        try (Scope scope = compute.scope()) {
            Tensor x = compute.tensor(numbers(SIZE), 1, SIZE, SIZE);
            Tensor weight = compute.tensor(numbers(SIZE), SIZE, SIZE);
            return rate(
                    SIZE,
                    lanes * PRODUCTS,
                    REPEATS,
                    () -> compute.parallel(lanes * PRODUCTS, (piece, lane) -> lane.linear(x, weight, null)));
        }
    }

    /** Products that are queued one behind the other; a row of the last is waited for. */
    private static double ofDevice(Compute compute) {
        try (Scope scope = compute.scope()) {
            Matrix weight = compute.language().matrix(HostArray.ofFloats(numbers(LARGE), LARGE, LARGE));
            Tensor x = compute.language().linear(compute.tensor(numbers(LARGE), LARGE, LARGE), weight, null);
            return rate(LARGE, QUEUED, LARGE_REPEATS, () -> {
                try (Scope repeat = compute.scope()) {
                    for (int i = 1; i < QUEUED; i++) {
                        compute.release(compute.language().linear(x, weight, null));
                    }
                    compute.download(compute.language().rows(compute.language().linear(x, weight, null), new int[1]));
                }
            });
        }
    }

    private static double rate(int size, int products, int repeats, Runnable work) {
        Repeats times = Repeats.of(repeats, Duration.ofMillis(200), work);
        return 2e-9 * Math.pow(size, 3) * products / times.min();
    }

    private static float[] numbers(int size) {
        float[] numbers = new float[size * size];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) (SplitMix64.uniform(1, i) - 0.5);
        }
        return numbers;
    }
}
