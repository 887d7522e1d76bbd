package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.Compute;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many weights of each matrix LAMP prunes (Lee et al. 2021, eq. 4): score a^2 / sum of b^2 over all b >= a of the matrix, smallest
 * first over all matrices. Within a matrix the order is that of the magnitudes, so the numbers say everything. Equal magnitudes are in
 * each other's sums and have one score.
 *
 * <p>Nothing is sorted but what lies near the threshold: magnitudes are counted in buckets of 2^-8 of their size, whose scores have
 * bounds; only buckets whose bounds reach across the threshold are looked into.
 */
final class LampBudgets {

    private static final int SHIFT = 15;
    private static final int BUCKETS = 1 << 31 - SHIFT;

    private final Compute compute;
    private final List<Scored> matrices;

    LampBudgets(Compute compute, List<Scored> matrices) {
        this.compute = compute;
        this.matrices = matrices;
    }

    /**
     * Magnitudes of a matrix that are alike.
     *
     * @param squares sum of all squares in buckets above this one
     * @param low no score in it is below
     * @param high no score in it is above
     */
    private record Bucket(int matrix, int bits, long count, double squares, double low, double high) {}

    /** A score that is known exactly, of {@code count} equal magnitudes. */
    private record Candidate(int matrix, double score, long count) {}

    /** Weights to prune of each matrix. */
    long[] of(BigDecimal ratio) {
        List<Bucket> buckets = new ArrayList<>();
        long all = 0;
        for (int m = 0; m < matrices.size(); m++) {
            buckets.addAll(buckets(m));
            all += matrices.get(m).matrix().weights();
        }
        long wanted = Selection.count(all, ratio);
        long[] budgets = new long[matrices.size()];
        if (wanted == 0) {
            return budgets;
        }
        double lowest = atLeast(buckets, Comparator.comparingDouble(Bucket::low), wanted)
                .low();
        double highest = atLeast(buckets, Comparator.comparingDouble(Bucket::high), wanted)
                .high();
        List<Candidate> candidates = new ArrayList<>();
        for (int m = 0; m < matrices.size(); m++) {
            int matrix = m;
            List<Bucket> open = new ArrayList<>();
            for (Bucket bucket : buckets) {
                if (bucket.matrix() == matrix && bucket.high() < lowest) {
                    budgets[m] += bucket.count();
                    wanted -= bucket.count();
                } else if (bucket.matrix() == matrix && bucket.low() <= highest) {
                    open.add(bucket);
                }
            }
            candidates.addAll(candidates(matrix, open));
        }
        candidates.sort(Comparator.comparingDouble(Candidate::score).thenComparingInt(Candidate::matrix));
        for (Candidate candidate : candidates) {
            long taken = Math.min(wanted, candidate.count());
            budgets[candidate.matrix()] += taken;
            wanted -= taken;
        }
        return budgets;
    }

    /** The first bucket, in this order, up to which there are {@code wanted} weights. */
    private static Bucket atLeast(List<Bucket> buckets, Comparator<Bucket> order, long wanted) {
        long count = 0;
        for (Bucket bucket : buckets.stream().sorted(order).toList()) {
            count += bucket.count();
            if (count >= wanted) {
                return bucket;
            }
        }
        throw new IllegalStateException(wanted + " weights are wanted of " + count);
    }

    private List<Bucket> buckets(int m) {
        long[] counts = new long[BUCKETS];
        double[] squares = new double[BUCKETS];
        Scored scored = matrices.get(m);
        for (float[] piece : pieces(scored)) {
            for (float a : piece) {
                int bucket = Float.floatToRawIntBits(a) >>> SHIFT;
                counts[bucket]++;
                squares[bucket] += (double) a * a;
            }
        }
        List<Bucket> buckets = new ArrayList<>();
        double above = 0;
        for (int bucket = BUCKETS - 1; bucket >= 0; bucket--) {
            if (counts[bucket] > 0) {
                double low = square(Float.intBitsToFloat(bucket << SHIFT));
                double high = square(Float.intBitsToFloat(bucket + 1 << SHIFT));
                double inclusive = above + squares[bucket];
                // A little beyond what holds in exact arithmetic: the sums are rounded.
                buckets.add(new Bucket(
                        m,
                        bucket,
                        counts[bucket],
                        above,
                        low == 0 ? 0 : low / inclusive * (1 - 1e-9),
                        high / (above + high) * (1 + 1e-9)));
                above = inclusive;
            }
        }
        return buckets;
    }

    /** The exact scores in {@code open}, buckets of one matrix. */
    private List<Candidate> candidates(int m, List<Bucket> open) {
        List<Candidate> candidates = new ArrayList<>();
        if (open.isEmpty()) {
            return candidates;
        }
        boolean[] wanted = new boolean[BUCKETS];
        open.forEach(bucket -> wanted[bucket.bits()] = true);
        float[] magnitudes =
                new float[Math.toIntExact(open.stream().mapToLong(Bucket::count).sum())];
        int found = 0;
        for (float[] piece : pieces(matrices.get(m))) {
            for (float a : piece) {
                if (wanted[Float.floatToRawIntBits(a) >>> SHIFT]) {
                    magnitudes[found++] = a;
                }
            }
        }
        Arrays.parallelSort(magnitudes);
        double sum = 0;
        int bucket = -1;
        for (int end = magnitudes.length; end > 0; ) {
            float a = magnitudes[end - 1];
            int start = end;
            while (start > 0 && magnitudes[start - 1] == a) {
                start--;
            }
            int bits = Float.floatToRawIntBits(a) >>> SHIFT;
            if (bits != bucket) {
                bucket = bits;
                sum = open.stream()
                        .filter(one -> one.bits() == bits)
                        .findFirst()
                        .orElseThrow()
                        .squares();
            }
            sum += (end - start) * square(a);
            candidates.add(new Candidate(m, a == 0 ? 0 : square(a) / sum, end - start));
            end = start;
        }
        return candidates;
    }

    /** Magnitudes of a matrix, piece by piece. */
    private static Iterable<float[]> pieces(Scored scored) {
        int pieces = scored.pieces();
        return () -> IntStream.range(0, pieces).mapToObj(scored::score).iterator();
    }

    private static double square(double a) {
        return a * a;
    }
}
