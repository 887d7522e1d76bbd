package dev.coppice.worker.prune.structure;

import dev.coppice.results.Granularity;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.prune.LayerWalk;
import dev.coppice.worker.prune.LayerWalk.Propagation;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.prune.Ranking;
import dev.coppice.worker.prune.state.Allocation;
import dev.coppice.worker.prune.state.Normalisation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A method that prunes parts of mixers by their scores.
 *
 * @param part what is pruned
 * @param normalisation of a layer's scores
 * @param allocation of the budget; to groups on their own where it is {@link Allocation#GROUPED}
 * @param propagation what feeds a layer while it is watched; with {@link Propagation#PRUNED} each layer is pruned before the next is watched,
 *     which only {@link Allocation#GROUPED} can do
 */
public record PartMethod(
        String name,
        MixerPart part,
        PartScore score,
        Normalisation normalisation,
        Allocation allocation,
        Propagation propagation)
        implements PruningMethod {

    @Override
    public Granularity granularity() {
        return part.granularity();
    }

    @Override
    public boolean random() {
        return score.random();
    }

    @Override
    public boolean calibrated() {
        return score.calibrated();
    }

    @Override
    public @Nullable String refusal(ModelConfig model) {
        return ScoredLayers.refusal(name, model, shape -> {
            String own = part.refusal(shape);
            return own == null ? score.refusal(shape) : own;
        });
    }

    @Override
    public Ranking rank(Model model, PruningInputs inputs) {
        AssembledModel assembled = (AssembledModel) model;
        List<ScoredLayer> layers = ScoredLayers.of(assembled, shape -> part.refusal(shape) == null);
        if (score.calibrated() && propagation == Propagation.PRUNED) {
            return new LayerByLayer(assembled, layers);
        }
        List<PartScore.Watching> watched = layers.stream()
                .map(layer -> score.begin(layer.number(), layer.mixer(), layer.stored(assembled), inputs))
                .toList();
        if (score.calibrated()) {
            new LayerWalk(assembled, inputs, Propagation.DENSE).run(new LayerWalk.Visitor() {
                @Override
                public Observer observer(int layer) {
                    int i = ScoredLayers.index(layers, layer);
                    return i < 0 ? Observer.NONE : watched.get(i);
                }

                @Override
                public Map<String, HostArray> leave(int layer) {
                    return Map.of();
                }
            });
        }
        return new OnePass(assembled, layers, watched);
    }

    /** Whether the groups are allotted to on their own, and not the layers. */
    private boolean grouped() {
        return allocation == Allocation.GROUPED;
    }

    /** The layers' scores are there; each ratio is a choice among them. */
    private final class OnePass implements Ranking {

        private final int modelLayers;
        private final List<ScoredLayer> layers;
        private final List<PartScore.Watching> watched;
        private final List<double[][]> scores = new ArrayList<>(); // (layers)(groups, units)

        OnePass(AssembledModel model, List<ScoredLayer> layers, List<PartScore.Watching> watched) {
            this.modelLayers = model.layers();
            this.layers = layers;
            this.watched = watched;
            for (int i = 0; i < layers.size(); i++) {
                scores.add(ScoredLayers.requireFinite(
                        name, layers.get(i), watched.get(i).scores()));
            }
        }

        @Override
        public Mask mask(BigDecimal ratio, PruningInputs inputs) {
            List<boolean[][]> kept = keep(ratio);
            MaskBuilder mask = new MaskBuilder(modelLayers);
            for (int i = 0; i < layers.size(); i++) {
                ScoredLayer layer = layers.get(i);
                mask.add(layer, part.cut(layer.mixer(), kept.get(i), watched.get(i)), kept.get(i));
            }
            return mask.build();
        }

        private List<boolean[][]> keep(BigDecimal ratio) {
            List<double[]> entries = new ArrayList<>();
            for (double[][] layer : scores) {
                if (grouped()) {
                    entries.addAll(List.of(layer));
                } else {
                    entries.add(normalisation.of(ScoredLayers.flat(layer)));
                }
            }
            List<boolean[]> chosen = allocation.keep(entries, ratio);
            List<boolean[][]> kept = new ArrayList<>();
            int next = 0;
            for (double[][] layer : scores) {
                if (grouped()) {
                    kept.add(chosen.subList(next, next + layer.length).toArray(boolean[][]::new));
                    next += layer.length;
                } else {
                    boolean[] own = ScoredLayers.withBest(chosen.get(next), entries.get(next));
                    kept.add(ScoredLayers.split(own, layer.length));
                    next++;
                }
            }
            return kept;
        }

        @Override
        public List<String> flags() {
            return List.of();
        }

        @Override
        public long bytes() {
            return scores.stream()
                    .mapToLong(layer -> (long) Double.BYTES * layer.length * layer[0].length)
                    .sum();
        }
    }

    /** What a layer is fed depends on what is pruned before it: each ratio is a walk of its own. */
    private final class LayerByLayer implements Ranking {

        private final AssembledModel model;
        private final List<ScoredLayer> layers;

        LayerByLayer(AssembledModel model, List<ScoredLayer> layers) {
            this.model = model;
            this.layers = layers;
        }

        @Override
        public Mask mask(BigDecimal ratio, PruningInputs inputs) {
            MaskBuilder mask = new MaskBuilder(model.layers());
            new LayerWalk(model, inputs, Propagation.PRUNED).run(new LayerWalk.Visitor() {
                private PartScore.@Nullable Watching watching;

                @Override
                public Observer observer(int layer) {
                    int i = ScoredLayers.index(layers, layer);
                    watching = i < 0
                            ? null
                            : score.begin(
                                    layer, layers.get(i).mixer(), layers.get(i).stored(model), inputs);
                    return watching == null ? Observer.NONE : watching;
                }

                @Override
                public Map<String, HostArray> leave(int layer) {
                    if (watching == null) {
                        return Map.of();
                    }
                    ScoredLayer own = layers.get(ScoredLayers.index(layers, layer));
                    double[][] scores = ScoredLayers.requireFinite(name, own, watching.scores());
                    boolean[][] kept = allocation.keep(List.of(scores), ratio).toArray(boolean[][]::new);
                    return mask.add(own, part.cut(own.mixer(), kept, watching), kept)
                            .zeroed(model);
                }
            });
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
    }
}
