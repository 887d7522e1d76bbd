package dev.coppice.worker.model.s4d;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.KeptStates;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.StoredClassifier.Change;
import dev.coppice.worker.weights.AxisPlaces;
import dev.coppice.worker.weights.Checkpoint;
import java.util.LinkedHashMap;
import java.util.Map;

/** Pruned states in the names of state-spaces/s4: kernel.C (H, n, 2), or (directions, H, n, 2). */
final class S4dStored {

    private S4dStored() {}

    /** A and B may be shared by channels that prune other states; C is each channel's own, and enough. */
    static Change zeros(S4dConfig config, Checkpoint checkpoint, KeptStates kept) {
        boolean standalone = config.variant() == S4dVariant.STANDALONE;
        Map<String, HostArray> tensors = new LinkedHashMap<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            String name =
                    standalone ? "s4_layers." + layer + ".kernel.C" : "model.layers." + layer + ".layer.layer.kernel.C";
            HostArray c = checkpoint.read(name);
            int[] flat = {config.directions(), config.channels() * config.perChannel(), 2};
            HostArray zeroed = AxisPlaces.zeroed(
                    new HostArray(c.dtype(), flat, c.bytes()), 1, kept.layers().get(layer));
            tensors.put(name, new HostArray(c.dtype(), c.shape(), zeroed.bytes()));
        }
        return new Change(tensors, Map.of());
    }

    static ModelException refusal(S4dConfig config) {
        boolean shared = config.poleRows() < config.channels();
        return new ModelException("S4D's layout has one d_state for all channels of all layers"
                + (shared ? ", and channels share A," : "")
                + " while states are pruned channel by channel; prune without --compact");
    }
}
