package dev.coppice.worker.prune.structure;

import dev.coppice.results.Granularity;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.LanguageConfig;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.prune.Ranking;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Mamba-Shedder (Munoz et al. 2025): removes, one after the other, the unit without which the calibration text's loss is lowest.
 *
 * @param removal what a unit is
 */
record Shedder(String name, Removal removal) implements PruningMethod {

    @Override
    public Granularity granularity() {
        return Granularity.BLOCK;
    }

    @Override
    public boolean calibrated() {
        return true;
    }

    @Override
    public @Nullable String refusal(ModelConfig model) {
        String none = name + " does not prune " + model.architecture() + " models";
        if (!(model instanceof LanguageConfig)) {
            return none + ScoredLayers.NO_MIXERS;
        }
        String reason = removal.refusal(model.architecture());
        return reason == null ? null : none + " by unit = " + removal.label() + ": " + reason;
    }

    @Override
    public Ranking rank(Model model, PruningInputs inputs) {
        return new Order((AssembledModel) model);
    }

    /** What goes first does not depend on how much goes: the order is found as far as a ratio needs it, and kept. */
    private final class Order implements Ranking {

        private final AssembledModel model;
        private final Set<Integer> units = new HashSet<>();
        private final List<Integer> removed = new ArrayList<>(); // the first to go first

        Order(AssembledModel model) {
            this.model = model;
            for (int i = 0; i < model.layers(); i++) {
                if (removal.fits(model.config().mixers().get(i))) {
                    units.add(i);
                }
            }
        }

        @Override
        public synchronized Mask mask(BigDecimal ratio, PruningInputs inputs) {
            int gone = units.size() - Pooling.left(units.size(), ratio);
            if (removed.size() < gone) {
                try (Scope scope = inputs.compute().scope()) {
                    RemovalLosses losses = new RemovalLosses(model, removal, units, inputs);
                    while (removed.size() < gone) {
                        removed.add(next(losses));
                    }
                }
            }
            return new RemovalMask(removal, model.layers(), units, new HashSet<>(removed.subList(0, gone)));
        }

        /** The unit whose loss hurts least; the first of equal ones. */
        private int next(RemovalLosses losses) {
            Set<Integer> candidates = new HashSet<>(units);
            candidates.removeAll(removed);
            double[] loss = losses.of(Set.copyOf(removed), candidates);
            int best = -1;
            for (int i = 0; i < loss.length; i++) {
                if (candidates.contains(i) && (best < 0 || loss[i] < loss[best])) {
                    best = i;
                }
            }
            return best;
        }

        @Override
        public List<String> flags() {
            return List.of();
        }

        @Override
        public long bytes() {
            return (long) Integer.BYTES * units.size();
        }
    }
}
