package dev.coppice.worker.prune;

import dev.coppice.worker.model.Model;
import java.util.List;

/** What is kept. Both ways to apply it give the same outputs. */
public interface Mask {

    /** The model with what is pruned set to zero. */
    Model applyTo(Model model);

    /** The model without what is pruned; where single weights are pruned, with zeros in their place. */
    Model compact(Model model);

    /** Fraction of the units that is pruned. */
    double achievedRatio();

    /** Units kept in each layer, first layer first. */
    List<Integer> keptPerLayer();

    /** Weights that the compacted model still holds, as zeros. */
    default long zeros() {
        return 0;
    }

    /** Those of {@link #zeros} that lie in the sequence mixers. */
    default long mixerZeros() {
        return 0;
    }
}
