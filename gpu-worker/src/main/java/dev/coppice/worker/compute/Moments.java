package dev.coppice.worker.compute;

/**
 * Sums over rows, from which batch statistics are made.
 *
 * @param rows number of rows summed
 * @param sum sum of each channel; (channels)
 * @param sumOfSquares sum of each channel's squares; (channels)
 */
public record Moments(long rows, double[] sum, double[] sumOfSquares) {}
