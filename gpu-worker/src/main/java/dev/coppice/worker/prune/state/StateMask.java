package dev.coppice.worker.prune.state;

import dev.coppice.worker.model.KeptStates;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.StatePrunable;
import dev.coppice.worker.prune.Mask;
import java.util.List;

/**
 * A choice of states.
 *
 * @param kept which stay
 */
public record StateMask(KeptStates kept) implements Mask {

    @Override
    public Model applyTo(Model model) {
        return prunable(model).zeroed(kept);
    }

    @Override
    public Model compact(Model model) {
        return prunable(model).compacted(kept);
    }

    private static StatePrunable<?> prunable(Model model) {
        if (model instanceof StatePrunable<?> prunable) {
            return prunable;
        }
        throw new IllegalArgumentException("a " + model.architecture() + " model has no states that can be pruned");
    }

    @Override
    public double achievedRatio() {
        long total = kept.total();
        long left = kept.counts().stream().mapToLong(Integer::longValue).sum();
        // One division, so that 3 of 10 are 0.3 and not 1 - 0.7.
        return total == 0 ? 0 : (total - left) / (double) total;
    }

    @Override
    public List<Integer> keptPerLayer() {
        return kept.counts();
    }
}
