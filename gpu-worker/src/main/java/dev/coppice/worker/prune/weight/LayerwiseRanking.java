package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.LayeredModel;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.prune.LayerWalk;
import dev.coppice.worker.prune.LayerWalk.Propagation;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.Ranking;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Of a method that watches and prunes one layer after the other: each ratio is a walk through the model of its own, and nothing is
 * kept but what is pruned.
 *
 * @param matrices to prune
 */
record LayerwiseRanking(LayeredModel model, List<WeightMatrix> matrices, Propagation propagation, Method method)
        implements Ranking {

    /** What is done in a layer. */
    interface Method {

        /**
         * Prepares for a layer.
         *
         * @param matrices to prune in it; none where the layer has none
         */
        Watch watch(List<WeightMatrix> matrices, BigDecimal ratio, PruningInputs inputs);
    }

    /** Watches the inputs of a layer's matrices, and prunes them then. */
    interface Watch {

        Observer observer();

        List<PrunedMatrix> prune();
    }

    @Override
    public Mask mask(BigDecimal ratio, PruningInputs inputs) {
        List<PrunedMatrix> pruned = new ArrayList<>();
        new LayerWalk(model, inputs, propagation).run(new LayerWalk.Visitor() {
            private Watch watch = method.watch(List.of(), ratio, inputs);

            @Override
            public Observer observer(int layer) {
                watch = method.watch(
                        matrices.stream()
                                .filter(matrix -> matrix.layer() == layer)
                                .toList(),
                        ratio,
                        inputs);
                return watch.observer();
            }

            @Override
            public Map<String, HostArray> leave(int layer) {
                List<PrunedMatrix> own = watch.prune();
                pruned.addAll(own);
                return WeightMask.tensors(own);
            }
        });
        return new WeightMask(model.layers(), pruned);
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
