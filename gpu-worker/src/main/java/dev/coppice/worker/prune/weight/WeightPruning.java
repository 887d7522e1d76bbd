package dev.coppice.worker.prune.weight;

import dev.coppice.results.Granularity;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.prune.PruningMethod;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What all methods on weights have in common: which matrices they prune, perhaps in a pattern, and so what they refuse. */
sealed interface WeightPruning extends PruningMethod permits WeightMethod, SparseGpt {

    /** Which matrices are pruned. */
    Targets targets();

    /** N:M; null for single weights. */
    @Nullable
    Pattern pattern();

    @Override
    default Granularity granularity() {
        return pattern() == null ? Granularity.WEIGHT : Granularity.N_M;
    }

    @Override
    default @Nullable String refusal(ModelConfig model) {
        return targets().refusal(name(), pattern(), model);
    }

    @Override
    default @Nullable String refusal(BigDecimal ratio) {
        Pattern pattern = pattern();
        return pattern == null ? null : pattern.refusal(name(), ratio);
    }
}
