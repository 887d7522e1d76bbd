package dev.coppice.worker.model.language;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer: h + mixer(norm(h)), then h + mlp(mlpNorm(h)). Without a norm of its own the MLP reads what the mixer reads, and
 * both are added at once (Phi).
 *
 * @param mlpNorm null for a parallel MLP, or none
 * @param mlp null for none
 */
public record Block(
        Norm norm,
        Mixer mixer,
        @Nullable Norm mlpNorm,
        @Nullable Mlp mlp) {

    /** All matrices, in the order of use. */
    List<Projection> projections() {
        List<Projection> all = new ArrayList<>(mixer.projections());
        if (mlp != null) {
            all.addAll(mlp.projections());
        }
        return all;
    }

    long parameters() {
        return norm.parameters()
                + mixer.parameters()
                + (mlpNorm == null ? 0 : mlpNorm.parameters())
                + (mlp == null ? 0 : mlp.parameters());
    }
}
