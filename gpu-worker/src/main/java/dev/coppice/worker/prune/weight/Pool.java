package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.Compute;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights of several matrices that are compared with each other. The smallest are found without sorting and without keeping scores:
 * not negative floats are in the order of their bits, so one pass counts their upper halves, a second the lower halves within the
 * one that holds the threshold. Ties are broken by the order of matrices, rows and columns.
 */
final class Pool {

    private static final int HALF = 1 << 16;

    private final Compute compute;
    private final List<Scored> matrices;
    private final List<int[]> pieces = new ArrayList<>(); // matrix, piece of it

    Pool(Compute compute, List<Scored> matrices) {
        this.compute = compute;
        this.matrices = List.copyOf(matrices);
        for (int m = 0; m < this.matrices.size(); m++) {
            for (int piece = 0; piece < this.matrices.get(m).pieces(); piece++) {
                pieces.add(new int[] {m, piece});
            }
        }
    }

    /** Number of weights. */
    long weights() {
        return matrices.stream().mapToLong(scored -> scored.matrix().weights()).sum();
    }

    /** The matrices without the {@code count} smallest weights of all. */
    List<PrunedMatrix> withoutSmallest(long count) {
        List<PrunedMatrix> onDevice = DevicePruning.all(compute, matrices, count);
        if (onDevice != null) {
            return onDevice;
        }
        if (count == 0) {
            return zero(-1, 0);
        }
        long[] below = {count};
        int threshold = threshold(below);
        return zero(threshold, below[0]);
    }

    /** The matrices without all weights up to the one of rank {@code rank}, from 0: at least one more than that. */
    List<PrunedMatrix> withoutUpTo(long rank) {
        return zero(threshold(new long[] {rank + 1}), Long.MAX_VALUE);
    }

    /**
     * Bits of the last score among the smallest.
     *
     * @param count how many are wanted; becomes how many of those with just this score are
     */
    private int threshold(long[] count) {
        int upper = bucket(histogram(bits -> bits >>> 16), count);
        int lower = bucket(histogram(bits -> bits >>> 16 == upper ? bits & HALF - 1 : -1), count);
        return upper << 16 | lower;
    }

    private interface Bucket {
        /** The bucket that bits are counted in; -1 for none. */
        int of(int bits);
    }

    private long[] histogram(Bucket bucket) {
        long[] counts = new long[HALF];
        compute.onHost(pieces.size(), number -> {
            int[] own = new int[HALF];
            for (float score : score(number)) {
                int b = bucket.of(Float.floatToRawIntBits(score));
                if (b >= 0) {
                    own[b]++;
                }
            }
            synchronized (counts) {
                for (int b = 0; b < HALF; b++) {
                    counts[b] += own[b];
                }
            }
        });
        return counts;
    }

    private float[] score(int number) {
        int[] piece = pieces.get(number);
        return matrices.get(piece[0]).score(piece[1]);
    }

    /** The bucket with the {@code count}th smallest; takes away from the count what lies in the buckets before it. */
    private static int bucket(long[] counts, long[] count) {
        int bucket = 0;
        while (counts[bucket] < count[0]) {
            count[0] -= counts[bucket++];
        }
        return bucket;
    }

    /** Zeroes the scores whose bits are below {@code threshold}, and the first {@code ties} that equal it. */
    private List<PrunedMatrix> zero(int threshold, long ties) {
        long[] before = new long[pieces.size()]; // scores that equal the threshold in earlier pieces
        if (ties > 0 && ties < Long.MAX_VALUE) {
            compute.onHost(pieces.size(), number -> {
                for (float score : score(number)) {
                    before[number] += Float.floatToRawIntBits(score) == threshold ? 1 : 0;
                }
            });
            long sum = 0;
            for (int number = 0; number < before.length; number++) {
                long own = before[number];
                before[number] = sum;
                sum += own;
            }
        }
        List<Zeroing> zeroings = matrices.stream().map(Zeroing::new).toList();
        compute.onHost(pieces.size(), number -> {
            float[] scores = score(number);
            boolean[] marks = new boolean[scores.length];
            long left = ties - before[number];
            for (int i = 0; i < scores.length; i++) {
                int bits = Float.floatToRawIntBits(scores[i]);
                marks[i] = bits < threshold || bits == threshold && left-- > 0;
            }
            zeroings.get(pieces.get(number)[0]).zero(pieces.get(number)[1], marks);
        });
        return zeroings.stream().map(Zeroing::result).toList();
    }
}
