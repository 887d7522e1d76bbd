package dev.coppice.worker.prune.weight;

import dev.coppice.results.Granularity;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.model.LayeredModel;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.WeightMatrix;
import dev.coppice.worker.prune.LayerWalk;
import dev.coppice.worker.prune.LayerWalk.Propagation;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.prune.Ranking;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * WANDA (Sun et al. 2024): of each row of a matrix, the weights whose magnitude times the norm of their input is smallest.
 *
 * @param pattern N:M; null for single weights
 */
public record Wanda(String name, Targets targets, @Nullable Pattern pattern, Propagation propagation)
        implements PruningMethod {

    @Override
    public Granularity granularity() {
        return pattern == null ? Granularity.WEIGHT : Granularity.N_M;
    }

    @Override
    public boolean calibrated() {
        return true;
    }

    @Override
    public @Nullable String refusal(ModelConfig model) {
        List<WeightMatrix> matrices = targets.in(model);
        if (matrices.isEmpty()) {
            return name + " does not prune " + model.architecture() + " models: they have no such matrices";
        }
        for (WeightMatrix matrix : matrices) {
            if (pattern != null && matrix.inputs() % pattern.group() != 0) {
                return name + " with pattern " + pattern + ": " + matrix.name() + " has " + matrix.inputs()
                        + " inputs, which " + pattern.group() + " does not divide";
            }
        }
        return null;
    }

    @Override
    public @Nullable String refusal(BigDecimal ratio) {
        return pattern == null || pattern.prunes(ratio)
                ? null
                : name + " with pattern " + pattern + " prunes " + pattern.pruned() + " of " + pattern.group()
                        + " and no other ratio";
    }

    @Override
    public Ranking rank(Model model, PruningInputs inputs) {
        LayeredModel layered = (LayeredModel) model;
        List<WeightMatrix> matrices = targets.in(layered.matrices());
        if (propagation == Propagation.PRUNED) {
            return new LayerByLayer(layered, matrices);
        }
        InputSquares squares = new InputSquares(matrices);
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

    private RowChoice choice(BigDecimal ratio) {
        return pattern == null ? RowChoice.of(ratio) : RowChoice.of(pattern);
    }

    private static PrunedMatrix pruned(
            LayeredModel model, WeightMatrix matrix, InputSquares squares, RowChoice choice, PruningInputs inputs) {
        inputs.check();
        return PrunedMatrix.byRow(
                inputs.compute(),
                matrix,
                model.tensor(matrix.name()),
                WeightScore.wanda(matrix, squares.meanSquares(matrix)),
                choice);
    }

    /** One run of the dense model has seen every input. */
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
            RowChoice choice = choice(ratio);
            return new WeightMask(
                    model.layers(),
                    matrices.stream()
                            .map(matrix -> pruned(model, matrix, squares, choice, inputs))
                            .toList());
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

    /** The inputs of a layer depend on what is pruned before it: each ratio is a walk of its own. */
    private final class LayerByLayer implements Ranking {

        private final LayeredModel model;
        private final List<WeightMatrix> matrices;

        LayerByLayer(LayeredModel model, List<WeightMatrix> matrices) {
            this.model = model;
            this.matrices = matrices;
        }

        @Override
        public Mask mask(BigDecimal ratio, PruningInputs inputs) {
            List<PrunedMatrix> all = new ArrayList<>();
            RowChoice choice = choice(ratio);
            new LayerWalk(model, inputs, Propagation.PRUNED).run(new LayerWalk.Visitor() {
                private InputSquares squares = new InputSquares(List.of());

                @Override
                public Observer observer(int layer) {
                    squares = new InputSquares(of(layer));
                    return squares;
                }

                @Override
                public Map<String, HostArray> leave(int layer) {
                    List<PrunedMatrix> own = of(layer).stream()
                            .map(matrix -> pruned(model, matrix, squares, choice, inputs))
                            .toList();
                    all.addAll(own);
                    return WeightMask.tensors(own);
                }
            });
            return new WeightMask(model.layers(), all);
        }

        private List<WeightMatrix> of(int layer) {
            return matrices.stream().filter(matrix -> matrix.layer() == layer).toList();
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
