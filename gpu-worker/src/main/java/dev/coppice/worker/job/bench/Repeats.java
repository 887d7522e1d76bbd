package dev.coppice.worker.job.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;

/**
 * Times of repeated work.
 *
 * @param wallSeconds of each repeat, in order
 * @param processorSeconds that all threads of the process spent in it
 */
public record Repeats(double[] wallSeconds, double[] processorSeconds) {

    /** Runs {@code work} until it has run twice and {@code warmUp} is over, then times {@code count} repeats. */
    static Repeats of(int count, Duration warmUp, Runnable work) {
        OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long begin = System.nanoTime();
        int runs = 0;
        while (runs++ < 2 || System.nanoTime() - begin < warmUp.toNanos()) {
            work.run();
        }
        double[] wall = new double[count];
        double[] processor = new double[count];
        for (int i = 0; i < count; i++) {
            long wallStart = System.nanoTime();
            long processorStart = process.getProcessCpuTime();
            work.run();
            wall[i] = 1e-9 * (System.nanoTime() - wallStart);
            processor[i] = 1e-9 * (process.getProcessCpuTime() - processorStart);
        }
        return new Repeats(wall, processor);
    }

    /** Median wall seconds. */
    public double median() {
        return median(wallSeconds);
    }

    /** Least wall seconds. */
    public double min() {
        return Arrays.stream(wallSeconds).min().orElse(Double.NaN);
    }

    /** Greatest wall seconds. */
    public double max() {
        return Arrays.stream(wallSeconds).max().orElse(Double.NaN);
    }

    /** Median processor seconds. */
    public double medianProcessor() {
        return median(processorSeconds);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
