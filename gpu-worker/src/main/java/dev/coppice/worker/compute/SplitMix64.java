package dev.coppice.worker.compute;

/**
 * SplitMix64 (Steele, Lea and Flood 2014), by position in its sequence. Written out, because Java promises no algorithm
 * for its own generators, and a seed must mean the same numbers on every machine and Java version.
 */
public final class SplitMix64 {

    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private SplitMix64() {}

    /** Number {@code index}, from 0, of the sequence that starts at {@code seed}. */
    public static long bits(long seed, long index) {
        long z = seed + (index + 1) * GAMMA;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** The same number as a multiple of 2^-53 in [0, 1). */
    public static double uniform(long seed, long index) {
        return (bits(seed, index) >>> 11) * 0x1p-53;
    }
}
