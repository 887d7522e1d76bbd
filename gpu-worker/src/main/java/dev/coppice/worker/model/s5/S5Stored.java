package dev.coppice.worker.model.s5;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.KeptStates;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.StoredClassifier.Change;
import dev.coppice.worker.weights.AxisPlaces;
import dev.coppice.worker.weights.Checkpoint;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Pruned states in the flax variable tree: B (P, H, 2), C (H, P, 2) of each direction or (H, 2P, 2) of both, Lambda and log_step (P). */
final class S5Stored {

    private final S5Config config;
    private final Checkpoint checkpoint;
    private final Map<String, HostArray> tensors = new LinkedHashMap<>();

    private S5Stored(S5Config config, Checkpoint checkpoint) {
        this.config = config;
        this.checkpoint = checkpoint;
    }

    /** Without its row of B a state stays 0, and without its columns of C it would not be seen. */
    static Change zeros(S5Config config, Checkpoint checkpoint, KeptStates kept) {
        S5Stored stored = new S5Stored(config, checkpoint);
        for (int layer = 0; layer < config.layers(); layer++) {
            boolean[] keep = kept.layers().get(layer);
            stored.change(layer, "B", 0, keep, AxisPlaces::zeroed);
            stored.outputs(layer, keep, AxisPlaces::zeroed);
        }
        return new Change(stored.tensors, Map.of());
    }

    /** There is one ssm_size for all layers. Its blocks only matter where training begins: one block fits any size. */
    static Change smaller(S5Config config, Checkpoint checkpoint, KeptStates kept) {
        List<Integer> counts = kept.counts();
        int states = counts.get(0);
        if (new TreeSet<>(counts).size() > 1) {
            throw new ModelException("S5's layout has one ssm_size for all layers, and this mask keeps " + counts
                    + " states; prune with a uniform method, or without --compact");
        }
        if (states == 0) {
            throw new ModelException("S5's layout has no layers without states; prune less, or without --compact");
        }
        S5Stored stored = new S5Stored(config, checkpoint);
        for (int layer = 0; layer < config.layers(); layer++) {
            boolean[] keep = kept.layers().get(layer);
            for (String name : List.of("B", "Lambda_re", "Lambda_im", "log_step")) {
                stored.change(layer, name, 0, keep, AxisPlaces::kept);
            }
            stored.outputs(layer, keep, AxisPlaces::kept);
        }
        Map<String, Integer> keys = new LinkedHashMap<>();
        keys.put("state_size_stored", states);
        keys.put("ssm_size_base", config.conjugatePairs() ? 2 * states : states);
        keys.put("blocks", 1);
        return new Change(stored.tensors, keys);
    }

    @FunctionalInterface
    private interface Pruning {
        HostArray of(HostArray array, int axis, boolean[] keep);
    }

    private void outputs(int layer, boolean[] keep, Pruning pruning) {
        if (config.directions() == 1) {
            change(layer, "C", 1, keep, pruning);
        } else if (config.sharedOutput()) {
            boolean[] both = Arrays.copyOf(keep, 2 * keep.length); // (2P)
            System.arraycopy(keep, 0, both, keep.length, keep.length);
            change(layer, "C", 1, both, pruning);
        } else {
            change(layer, "C1", 1, keep, pruning);
            change(layer, "C2", 1, keep, pruning);
        }
    }

    private void change(int layer, String tensor, int axis, boolean[] keep, Pruning pruning) {
        String name = "params/encoder/layers_" + layer + "/seq/" + tensor;
        tensors.put(name, pruning.of(checkpoint.read(name), axis, keep));
    }
}
