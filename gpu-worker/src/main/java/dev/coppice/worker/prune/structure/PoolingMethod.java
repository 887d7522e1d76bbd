package dev.coppice.worker.prune.structure;

import dev.coppice.results.Granularity;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.prune.Ranking;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A method that puts means in the place of several parts, and so needs no scores.
 *
 * @param pooling what becomes one
 */
public record PoolingMethod(String name, Pooling pooling) implements PruningMethod {

    @Override
    public Granularity granularity() {
        return pooling.granularity();
    }

    @Override
    public @Nullable String refusal(ModelConfig model) {
        return ScoredLayers.refusal(name, model, pooling::refusal);
    }

    @Override
    public Ranking rank(Model model, PruningInputs inputs) {
        AssembledModel assembled = (AssembledModel) model;
        List<ScoredLayer> layers = ScoredLayers.of(assembled, shape -> pooling.refusal(shape) == null);
        return new Ranking() {
            @Override
            public Mask mask(BigDecimal ratio, PruningInputs own) {
                MaskBuilder mask = new MaskBuilder(assembled.layers());
                layers.forEach(layer -> pooling.cut(layer, layer.stored(assembled), ratio, mask));
                return mask.build();
            }

            @Override
            public List<String> flags() {
                return List.of();
            }

            @Override
            public long bytes() {
                return 0;
            }
        };
    }
}
