package dev.coppice.worker.job.bench;

/**
 * What a benchmark found.
 *
 * @param times of one repeat
 * @param flops floating-point operations of one repeat, element-by-element work left out
 * @param peakGigaflops GFLOP/s of large matrix products in the same process, all threads at work
 * @param tensorBytes most memory of the device that tensors took
 */
public record Measurement(Repeats times, double flops, double peakGigaflops, long tensorBytes) {

    /** Billions of floating-point operations a second. */
    public double gigaflops() {
        return 1e-9 * flops / times.median();
    }

    /** Part of the matrix products' peak that was reached, 0 to 1. */
    public double shareOfPeak() {
        return gigaflops() / peakGigaflops;
    }
}
