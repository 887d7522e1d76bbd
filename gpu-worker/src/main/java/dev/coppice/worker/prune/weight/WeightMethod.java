package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.LayeredModel;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.prune.LayerWalk;
import dev.coppice.worker.prune.LayerWalk.Propagation;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.Ranking;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A method that prunes single weights: those with the smallest scores among the ones they are compared with.
 *
 * @param name in configs and tables
 * @param score importance of a weight
 * @param allocation of the budget; with a pattern each group has its own
 * @param pattern N:M; null for none
 * @param propagation what feeds a layer while it is watched, for a score that looks at inputs
 */
public record WeightMethod(
        String name,
        WeightScore score,
        WeightAllocation allocation,
        Targets targets,
        @Nullable Pattern pattern,
        Propagation propagation)
        implements WeightPruning {

    @Override
    public boolean random() {
        return score == WeightScore.RANDOM;
    }

    @Override
    public boolean calibrated() {
        return score == WeightScore.WANDA;
    }

    @Override
    public Ranking rank(Model model, PruningInputs inputs) {
        LayeredModel layered = (LayeredModel) model;
        List<WeightMatrix> matrices = targets.in(layered.matrices());
        InputSquares squares = new InputSquares(matrices);
        if (!calibrated()) {
            return new OnePass(layered, matrices, squares);
        }
        if (propagation == Propagation.PRUNED) {
            return new LayerwiseRanking(
                    layered, matrices, propagation, (own, ratio, in) -> new Layer(layered, own, ratio, in));
        }
        new LayerWalk(layered, inputs, Propagation.DENSE).run(new LayerWalk.Visitor() {
            @Override
            public Observer observer(int layer) {
                return squares;
            }

            @Override
            public Map<String, HostArray> leave(int layer) {
                return Map.of();
            }
        });
        return new OnePass(layered, matrices, squares);
    }

    private List<PrunedMatrix> prune(
            LayeredModel model, List<WeightMatrix> matrices, InputSquares squares, BigDecimal ratio, PruningInputs in) {
        in.check();
        List<WeightMatrix> all = model.matrices();
        Scored[] scored = new Scored[matrices.size()];
        in.compute().onHost(scored.length, m -> {
            WeightMatrix matrix = matrices.get(m);
            double[] seen = calibrated() ? squares.meanSquares(matrix) : new double[0];
            scored[m] = Scored.of(
                    matrix, model.matrix(matrix.name()), score.of(matrix, all.indexOf(matrix), seen, in.seed()));
        });
        return pattern == null
                ? allocation.prune(in.compute(), List.of(scored), ratio)
                : RowChoice.of(pattern).prune(in.compute(), List.of(scored));
    }

    /** All scores are known, or follow from the inputs that one run of the dense model has shown. */
    private final class OnePass implements Ranking {

        private final LayeredModel model;
        private final List<WeightMatrix> matrices;
        private final InputSquares squares;

        OnePass(LayeredModel model, List<WeightMatrix> matrices, InputSquares squares) {
            this.model = model;
            this.matrices = matrices;
            this.squares = squares;
        }

        @Override
        public Mask mask(BigDecimal ratio, PruningInputs inputs) {
            return new WeightMask(model.layers(), prune(model, matrices, squares, ratio, inputs));
        }

        @Override
        public List<String> flags() {
            return List.of();
        }

        @Override
        public long bytes() {
            return matrices.stream()
                    .mapToLong(matrix -> (long) Double.BYTES * matrix.inputs())
                    .sum();
        }
    }

    /** Watches one layer's inputs. */
    private final class Layer implements LayerwiseRanking.Watch {

        private final LayeredModel model;
        private final List<WeightMatrix> matrices;
        private final BigDecimal ratio;
        private final PruningInputs inputs;
        private final InputSquares squares;

        Layer(LayeredModel model, List<WeightMatrix> matrices, BigDecimal ratio, PruningInputs inputs) {
            this.model = model;
            this.matrices = matrices;
            this.ratio = ratio;
            this.inputs = inputs;
            squares = new InputSquares(matrices);
        }

        @Override
        public Observer observer() {
            return squares;
        }

        @Override
        public List<PrunedMatrix> prune() {
            return WeightMethod.this.prune(model, matrices, squares, ratio, inputs);
        }
    }
}
