package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.LayeredModel;
import dev.coppice.worker.model.MatrixRole;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.prune.Mask;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A choice of weights, as the matrices that are left.
 *
 * @param layers of the model
 * @param matrices those that were pruned, in the model's order
 */
record WeightMask(int layers, List<PrunedMatrix> matrices) implements Mask {

    private static final Set<MatrixRole> MIXER =
            EnumSet.of(MatrixRole.MIXER_IN, MatrixRole.MIXER_INNER, MatrixRole.MIXER_OUT);

    WeightMask {
        matrices = List.copyOf(matrices);
    }

    @Override
    public Model applyTo(Model model) {
        return ((LayeredModel) model).replacing(tensors(matrices));
    }

    /** Zeros are no smaller than other weights: nothing is left out. */
    @Override
    public Model compact(Model model) {
        return applyTo(model);
    }

    static Map<String, HostArray> tensors(List<PrunedMatrix> matrices) {
        Map<String, HostArray> tensors = new LinkedHashMap<>();
        matrices.forEach(pruned -> tensors.put(pruned.matrix().name(), pruned.weight()));
        return tensors;
    }

    @Override
    public double achievedRatio() {
        long all =
                matrices.stream().mapToLong(pruned -> pruned.matrix().weights()).sum();
        return all == 0 ? 0 : zeros() / (double) all;
    }

    /** Of the matrices that are pruned; none in a layer without one. */
    @Override
    public List<Integer> keptPerLayer() {
        List<Integer> kept = new ArrayList<>(Collections.nCopies(layers, 0));
        for (PrunedMatrix pruned : matrices) {
            long left = pruned.matrix().weights() - pruned.pruned();
            kept.set(
                    pruned.matrix().layer(),
                    Math.toIntExact(kept.get(pruned.matrix().layer()) + left));
        }
        return kept;
    }

    @Override
    public long zeros() {
        return zeros(matrix -> true);
    }

    @Override
    public long mixerZeros() {
        return zeros(pruned -> MIXER.contains(pruned.matrix().role()));
    }

    private long zeros(Predicate<PrunedMatrix> wanted) {
        return matrices.stream().filter(wanted).mapToLong(PrunedMatrix::pruned).sum();
    }
}
