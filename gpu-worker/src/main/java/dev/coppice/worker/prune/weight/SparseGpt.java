package dev.coppice.worker.prune.weight;

import dev.coppice.worker.model.LayeredModel;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.prune.LayerWalk.Propagation;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.Ranking;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SparseGPT (Frantar and Alistarh 2023): what is pruned of a row is made up for by the weights that are left. Columns are gone through
 * from left to right, 128 at a time.
 *
 * @param pattern N:M; null for single weights
 */
public record SparseGpt(
        String name, Targets targets, @Nullable Pattern pattern, Propagation propagation) implements WeightPruning {

    @Override
    public boolean calibrated() {
        return true;
    }

    /** The moments of all layers would take more memory than the model: each ratio walks through it anew. */
    @Override
    public Ranking rank(Model model, PruningInputs inputs) {
        LayeredModel layered = (LayeredModel) model;
        return new LayerwiseRanking(
                layered,
                targets.in(layered.matrices()),
                propagation,
                (matrices, ratio, in) -> new Surgery(layered, matrices, ratio, in));
    }

    private final class Surgery implements LayerwiseRanking.Watch {

        private final LayeredModel model;
        private final List<WeightMatrix> matrices;
        private final BigDecimal ratio;
        private final PruningInputs inputs;
        private final InputProducts products;

        Surgery(LayeredModel model, List<WeightMatrix> matrices, BigDecimal ratio, PruningInputs inputs) {
            this.model = model;
            this.matrices = matrices;
            this.ratio = ratio;
            this.inputs = inputs;
            products = new InputProducts(matrices);
        }

        @Override
        public Observer observer() {
            return products;
        }

        @Override
        public List<PrunedMatrix> prune() {
            return matrices.stream().map(this::prune).toList();
        }

        private PrunedMatrix prune(WeightMatrix matrix) {
            inputs.check();
            return new BrainSurgeon(
                            inputs.compute(),
                            matrix,
                            products.take(matrix),
                            inputs.calibration().rows())
                    .prune(model.matrix(matrix.name()), ratio, pattern);
        }
    }
}
