package dev.coppice.worker.prune.structure;

import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.Mixer;
import java.util.function.Function;

/**
 * A layer whose mixer is pruned.
 *
 * @param number of the layer, from 0
 * @param prefix what the names of its mixer's tensors begin with
 */
record ScoredLayer(int number, String prefix, Mixer mixer) {

    /** The mixer's tensors by the names behind the prefix, as float64. */
    Function<String, double[]> stored(AssembledModel model) {
        return name -> model.checkpoint().read(prefix + name).toDoubles();
    }
}
