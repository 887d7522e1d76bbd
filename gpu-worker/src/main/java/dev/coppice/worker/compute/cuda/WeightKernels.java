package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.WeightOps;
import java.util.Arrays;
import java.util.List;

/** Launches of {@code prune.cu}. */
final class WeightKernels implements WeightOps {

    static final List<KernelSource> SOURCES =
            CudaTypes.ELEMENTS.stream().map(WeightKernels::source).toList();

    private static final int THREADS = 256;
    private static final int BUCKETS = 2048;
    private static final int LONGEST_GROUP = 32;
    private static final int FIXED_SHARED_BYTES = 2048; // of zero_smallest, at most
    private static final int BLOCKS_TO_A_MULTIPROCESSOR = 8;
    private static final int MEMORY_TO_WEIGHTS = 2; // of a job's memory
    private static final int[] SHIFTS = {31, 21, 10, 0}; // bits between two of them are counted together

    private final CudaRuntime runtime;
    private final long mostBytes;

    /** Kernels for a job that may hold {@code limit} bytes. */
    WeightKernels(CudaRuntime runtime, long limit) {
        this.runtime = runtime;
        mostBytes = limit / MEMORY_TO_WEIGHTS;
    }

    private static KernelSource source(DType x) {
        return new KernelSource("prune.cu", "X=" + CudaTypes.kernel(x));
    }

    @Override
    public boolean takes(List<Pruning> matrices) {
        return matrices.stream()
                        .allMatch(matrix ->
                                CudaTypes.ELEMENTS.contains(matrix.weight().dtype()))
                && matrices.stream()
                                .mapToLong(matrix -> matrix.weight().elements()
                                        * matrix.weight().dtype().bytes())
                                .sum()
                        <= mostBytes;
    }

    @Override
    public boolean pruneRuns(Pruning matrix, int run, int count) {
        int columns = matrix.weight().shape()[1];
        if (run == columns
                && columns * Integer.BYTES + FIXED_SHARED_BYTES
                        > runtime.device().sharedBytes()) {
            return false;
        }
        int depth = runtime.arena().open();
        try {
            CudaTensor weights = upload(matrix.weight());
            CudaTensor bad = zeros(1);
            if (count > 0 && run == columns) {
                rows(weights, norms(matrix), count, bad);
            } else if (count > 0) {
                groups(weights, norms(matrix), run, count, bad);
            }
            return download(List.of(weights), List.of(matrix), bad);
        } finally {
            runtime.arena().close(depth, List.of());
        }
    }

    private void rows(CudaTensor weights, long norms, int count, CudaTensor bad) {
        runtime.launch(source(weights.dtype()), "zero_smallest")
                .grid(weights.rows())
                .block(THREADS)
                .shared(weights.columns() * Integer.BYTES)
                .pointer(weights)
                .pointer(norms)
                .int32(weights.columns())
                .int32(count)
                .pointer(bad)
                .run();
    }

    private void groups(CudaTensor weights, long norms, int group, int count, CudaTensor bad) {
        if (group > LONGEST_GROUP || weights.columns() % group != 0) {
            throw new IllegalArgumentException("groups of " + group + " in rows of " + weights.columns() + "; at most "
                    + LONGEST_GROUP + " weights, and a row is made of whole groups");
        }
        long groups = weights.elements() / group;
        runtime.launch(source(weights.dtype()), "zero_groups")
                .grid((groups + THREADS - 1) / THREADS)
                .block(THREADS)
                .pointer(weights)
                .pointer(norms)
                .int64(groups)
                .int32(weights.columns())
                .int32(group)
                .int32(count)
                .pointer(bad)
                .run();
    }

    @Override
    public boolean pruneAll(List<Pruning> matrices, long count, long[] gone) {
        int depth = runtime.arena().open();
        try {
            List<CudaTensor> weights =
                    matrices.stream().map(matrix -> upload(matrix.weight())).toList();
            CudaTensor bad = zeros(1);
            if (count > 0) {
                long left = count;
                int prefix = 0;
                for (int round = 1; round < SHIFTS.length; round++) {
                    long[] counts = counts(weights, matrices, prefix, round, bad);
                    int bucket = 0;
                    while (bucket < BUCKETS - 1 && counts[bucket] < left) {
                        left -= counts[bucket++];
                    }
                    prefix = prefix << SHIFTS[round - 1] - SHIFTS[round] | bucket;
                }
                zero(weights, matrices, prefix, left, gone);
            }
            return download(weights, matrices, bad);
        } finally {
            runtime.arena().close(depth, List.of());
        }
    }

    /** How many scores of all matrices have which bits: (BUCKETS). */
    private long[] counts(List<CudaTensor> weights, List<Pruning> matrices, int prefix, int round, CudaTensor bad) {
        CudaTensor counts = zeros(2 * BUCKETS); // each a number of 64 bits
        for (int m = 0; m < weights.size(); m++) {
            CudaTensor own = weights.get(m);
            long norms = norms(matrices.get(m));
            long blocks = (own.elements() + THREADS - 1) / THREADS;
            runtime.launch(source(own.dtype()), "count_scores")
                    .grid(Math.min(
                            blocks,
                            (long) BLOCKS_TO_A_MULTIPROCESSOR * runtime.device().multiprocessors()))
                    .block(THREADS)
                    .pointer(own)
                    .pointer(norms)
                    .int64(own.elements())
                    .int32(own.columns())
                    .int32(prefix)
                    .int32(SHIFTS[round - 1])
                    .int32(SHIFTS[round])
                    .pointer(counts)
                    .pointer(bad)
                    .run();
        }
        int[] bits = runtime.bits(counts);
        runtime.drop(counts);
        long[] numbers = new long[BUCKETS];
        for (int b = 0; b < BUCKETS; b++) {
            numbers[b] = Integer.toUnsignedLong(bits[2 * b]) | (long) bits[2 * b + 1] << Integer.SIZE;
        }
        return numbers;
    }

    /** Zeroes the scores below the threshold and the first {@code ties} that equal it. */
    private void zero(List<CudaTensor> weights, List<Pruning> matrices, int threshold, long ties, long[] gone) {
        long left = ties;
        for (int m = 0; m < weights.size(); m++) {
            CudaTensor own = weights.get(m);
            int[] found = found(own, norms(matrices.get(m)), threshold); // (2, rows)
            int[] taken = Arrays.copyOfRange(found, found.length / 2, found.length); // (rows)
            for (int r = 0; r < taken.length; r++) {
                taken[r] = (int) Math.min(taken[r], left);
                left -= taken[r];
                gone[m] += found[r] + taken[r];
            }
            long norms = norms(matrices.get(m));
            CudaTensor places = runtime.allocate(DType.FLOAT32, taken.length);
            runtime.write(places, taken);
            runtime.launch(source(own.dtype()), "zero_below")
                    .grid(own.rows())
                    .block(THREADS)
                    .pointer(own)
                    .pointer(norms)
                    .int32(own.columns())
                    .int32(threshold)
                    .pointer(places)
                    .run();
            runtime.drop(places);
        }
    }

    /** Scores of each row below the threshold, then those that equal it: (2, rows). */
    private int[] found(CudaTensor weights, long norms, int threshold) {
        CudaTensor found = runtime.allocate(DType.FLOAT32, 2, Math.toIntExact(weights.rows()));
        runtime.launch(source(weights.dtype()), "count_below")
                .grid(weights.rows())
                .block(THREADS)
                .pointer(weights)
                .pointer(norms)
                .int32(weights.columns())
                .int32(threshold)
                .pointer(found)
                .run();
        int[] counts = runtime.bits(found);
        runtime.drop(found);
        return counts;
    }

    private CudaTensor upload(HostArray weight) {
        CudaTensor tensor = runtime.allocate(weight.dtype(), weight.shape().clone());
        runtime.write(tensor, weight.bytes());
        return tensor;
    }

    private long norms(Pruning matrix) {
        return matrix.norms().length == 0 ? 0 : runtime.doubles(matrix.norms());
    }

    private CudaTensor zeros(int words) {
        CudaTensor zeros = runtime.allocate(DType.FLOAT32, words);
        runtime.clear(zeros);
        return zeros;
    }

    private boolean download(List<CudaTensor> weights, List<Pruning> matrices, CudaTensor bad) {
        if (!Arrays.equals(runtime.bits(bad), new int[] {0})) {
            return false;
        }
        for (int m = 0; m < weights.size(); m++) {
            runtime.read(weights.get(m), matrices.get(m).pruned().bytes());
        }
        return true;
    }
}
