package dev.coppice.worker.prune;

import dev.coppice.worker.model.Model;
import java.util.List;

/** What is kept. Both ways to apply it give the same outputs. */
public interface Mask {

    /** The model with what is pruned set to zero. */
    Model applyTo(Model model);

    /** The model without what is pruned. */
    Model compact(Model model);

    /** Fraction of the units that is pruned. */
    double achievedRatio();

    /** Units kept in each layer, first layer first. */
    List<Integer> keptPerLayer();
}
