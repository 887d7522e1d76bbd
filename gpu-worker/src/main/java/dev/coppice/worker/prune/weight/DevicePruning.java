package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.WeightOps;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prunes on the device of a compute, where that knows how; the results are those of the processor, bit by bit. */
final class DevicePruning {

    private DevicePruning() {}

    /**
     * A matrix without the {@code count} smallest scores of each {@code run} weights.
     *
     * @return null where the processor is to do it, which also finds the weight whose score is not finite
     */
    static @Nullable PrunedMatrix runs(Compute compute, Scored scored, int run, int count) {
        WeightOps ops = compute.weights();
        List<WeightOps.Pruning> one = ops == null ? null : prunings(ops, List.of(scored));
        if (ops == null || one == null || !ops.pruneRuns(one.get(0), run, count)) {
            return null;
        }
        return new PrunedMatrix(scored.matrix(), scored.room(), scored.matrix().weights() / run * count);
    }

    /**
     * The matrices without the {@code count} smallest scores of all.
     *
     * @return null as {@link #runs}
     */
    static @Nullable List<PrunedMatrix> all(Compute compute, List<Scored> matrices, long count) {
        WeightOps ops = compute.weights();
        List<WeightOps.Pruning> all = ops == null ? null : prunings(ops, matrices);
        if (ops == null || all == null) {
            return null;
        }
        long[] zeros = new long[all.size()];
        if (!ops.pruneAll(all, count, zeros)) {
            return null;
        }
        List<PrunedMatrix> pruned = new ArrayList<>();
        for (int m = 0; m < zeros.length; m++) {
            pruned.add(
                    new PrunedMatrix(matrices.get(m).matrix(), matrices.get(m).room(), zeros[m]));
        }
        return pruned;
    }

    /** Null where a score is anything else than a weight's size times a norm, or the device doesn't take the matrices. */
    private static @Nullable List<WeightOps.Pruning> prunings(WeightOps ops, List<Scored> matrices) {
        List<WeightOps.Pruning> prunings = new ArrayList<>();
        for (Scored scored : matrices) {
            double[] norms = scored.scores().norms();
            if (norms == null) {
                return null;
            }
            prunings.add(new WeightOps.Pruning(scored.weight(), norms, scored.room()));
        }
        return ops.takes(prunings) ? prunings : null;
    }
}
