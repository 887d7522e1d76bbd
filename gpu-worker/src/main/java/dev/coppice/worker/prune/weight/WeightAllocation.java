package dev.coppice.worker.prune.weight;

import dev.coppice.worker.compute.Compute;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Which weights are compared with each other, and so how the budget is spread. */
public enum WeightAllocation {
    /** Those of a row: floor(inputs ratio) of each. */
    ROW {
        @Override
        List<PrunedMatrix> prune(Compute compute, List<Scored> matrices, BigDecimal ratio) {
            return RowChoice.of(ratio).prune(compute, matrices);
        }
    },
    /** WANDA's variant: of each row the smallest until they make up a share of its sum, one share for a whole matrix. */
    ALPHA_SEARCH {
        @Override
        List<PrunedMatrix> prune(Compute compute, List<Scored> matrices, BigDecimal ratio) {
            return matrices.stream()
                    .map(scored -> new AlphaSearch(compute, scored).prune(ratio))
                    .toList();
        }
    },
    /** Those of a matrix. */
    MATRIX {
        @Override
        List<PrunedMatrix> prune(Compute compute, List<Scored> matrices, BigDecimal ratio) {
            return matrices.stream()
                    .flatMap(scored -> smallest(compute, List.of(scored), ratio).stream())
                    .toList();
        }
    },
    /** Those of all matrices of a layer. */
    LAYER {
        @Override
        List<PrunedMatrix> prune(Compute compute, List<Scored> matrices, BigDecimal ratio) {
            Map<Integer, List<Scored>> byLayer = new TreeMap<>();
            matrices.forEach(scored -> byLayer.computeIfAbsent(scored.matrix().layer(), layer -> new ArrayList<>())
                    .add(scored));
            return byLayer.values().stream()
                    .flatMap(layer -> smallest(compute, layer, ratio).stream())
                    .toList();
        }
    },
    /** Those of the whole model. */
    GLOBAL {
        @Override
        List<PrunedMatrix> prune(Compute compute, List<Scored> matrices, BigDecimal ratio) {
            return smallest(compute, matrices, ratio);
        }
    },
    /**
     * Those of the whole model, after each score has been squared and divided by the sum of the squares that are not smaller, of its
     * matrix (LAMP, Lee et al. 2021, eq. 4).
     */
    LAMP {
        @Override
        List<PrunedMatrix> prune(Compute compute, List<Scored> matrices, BigDecimal ratio) {
            long[] budgets = new LampBudgets(compute, matrices).of(ratio); // (matrices)
            List<PrunedMatrix> pruned = new ArrayList<>();
            for (int m = 0; m < budgets.length; m++) {
                pruned.addAll(new Pool(compute, List.of(matrices.get(m))).withoutSmallest(budgets[m]));
            }
            return pruned;
        }
    },
    /** Those of a matrix, everything up to the weight of rank floor(n ratio): what SSM-Pruner's magnitude pruning does. */
    MATRIX_REPO_COMPAT {
        @Override
        List<PrunedMatrix> prune(Compute compute, List<Scored> matrices, BigDecimal ratio) {
            return matrices.stream()
                    .flatMap(scored -> {
                        Pool pool = new Pool(compute, List.of(scored));
                        long rank = Math.min(Selection.count(pool.weights(), ratio), pool.weights() - 1);
                        return pool.withoutUpTo(rank).stream();
                    })
                    .toList();
        }
    };

    /** The matrices after pruning, in their order. */
    abstract List<PrunedMatrix> prune(Compute compute, List<Scored> matrices, BigDecimal ratio);

    /** Name in configs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The one of this name. */
    public static WeightAllocation of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** Whether matrices of different layers are compared, so that all must be scored before any is pruned. */
    boolean acrossLayers() {
        return this == GLOBAL || this == LAMP;
    }

    private static List<PrunedMatrix> smallest(Compute compute, List<Scored> matrices, BigDecimal ratio) {
        Pool pool = new Pool(compute, matrices);
        return pool.withoutSmallest(Selection.count(pool.weights(), ratio));
    }
}
