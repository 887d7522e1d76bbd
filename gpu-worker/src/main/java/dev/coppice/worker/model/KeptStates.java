package dev.coppice.worker.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Which states stay, layer by layer, in the order of {@link DiagonalStates}.
 *
 * @param layers true for a state that is kept; (layers)(states)
 */
public record KeptStates(List<boolean[]> layers) {

    public KeptStates {
        layers = List.copyOf(layers);
    }

    /** Number of kept states in each layer. */
    public List<Integer> counts() {
        List<Integer> counts = new ArrayList<>(layers.size());
        for (boolean[] keep : layers) {
            int kept = 0;
            for (boolean k : keep) {
                kept += k ? 1 : 0;
            }
            counts.add(kept);
        }
        return counts;
    }

    /** Number of states, kept or not. */
    public long total() {
        long total = 0;
        for (boolean[] keep : layers) {
            total += keep.length;
        }
        return total;
    }

    /**
     * Checks that this is a mask of a model with these states.
     *
     * @param states number of states of each layer
     * @throws IllegalArgumentException when it is not
     */
    public void requireFits(List<Integer> states) {
        if (layers.size() != states.size()) {
            throw new IllegalArgumentException(
                    "a mask of " + layers.size() + " layers for a model of " + states.size());
        }
        for (int layer = 0; layer < states.size(); layer++) {
            if (layers.get(layer).length != states.get(layer)) {
                throw new IllegalArgumentException("a mask of " + layers.get(layer).length + " states for layer "
                        + layer + ", which has " + states.get(layer));
            }
        }
    }
}
