package dev.coppice.worker.job.bench;

/**
 * What a benchmark found.
 *
 * @param settings what was measured
 * @param times of evaluating one batch
 * @param flopsPerSequence floating-point operations of one sequence, element-by-element work left out
 * @param peakGigaflops GFLOP/s of large matrix products in the same process, all threads at work
 * @param tensorBytes most host memory that tensors took
 */
public record BenchmarkResult(
        ClassifierBenchmark.Settings settings,
        Repeats times,
        double flopsPerSequence,
        double peakGigaflops,
        long tensorBytes) {

    /** Sequences a second. */
    public double sequencesPerSecond() {
        return settings.batch() / times.median();
    }

    /** Steps a second. */
    public double stepsPerSecond() {
        return sequencesPerSecond() * settings.preset().steps();
    }

    /** Billions of floating-point operations a second. */
    public double gigaflops() {
        return 1e-9 * flopsPerSequence * sequencesPerSecond();
    }

    /** Part of the matrix products' peak that was reached, 0 to 1. */
    public double shareOfPeak() {
        return gigaflops() / peakGigaflops;
    }
}
