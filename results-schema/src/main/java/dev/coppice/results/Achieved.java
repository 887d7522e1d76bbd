package dev.coppice.results;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What pruning really did.
 *
 * @param ratio fraction of the units that were pruned
 * @param mixerSparsity fraction of the sequence mixers' parameters that are gone or zero
 * @param modelSparsity the same fraction over the whole model
 * @param parameters parameters left after compaction
 * @param stateSize recurrent state of one sequence, in scalars (a complex state counts two)
 * @param stateBytes memory of that state; null in rows from before it was recorded
 * @param keptPerLayer units kept in each layer, first layer first
 * @param flags remarks, such as unstable eigenvalues or batch norms measured again; null when there are none
 */
public record Achieved(
        double ratio,
        @Nullable Double mixerSparsity,
        @Nullable Double modelSparsity,
        long parameters,
        long stateSize,
        @Nullable Long stateBytes,
        List<Integer> keptPerLayer,
        @Nullable String flags)
        implements Serializable {

    public Achieved {
        keptPerLayer = List.copyOf(keptPerLayer);
    }
}
