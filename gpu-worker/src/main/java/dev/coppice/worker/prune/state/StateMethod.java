package dev.coppice.worker.prune.state;

import dev.coppice.results.Granularity;
import dev.coppice.worker.model.DiagonalStates;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.StatePrunable;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.prune.Ranking;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A method that prunes diagonal states.
 *
 * @param name in configs and tables
 * @param score importance of a state
 * @param normalisation between the layers
 * @param allocation of the budget
 * @param architectures families whose states it can score
 */
public record StateMethod(
        String name, StateScore score, Normalisation normalisation, Allocation allocation, Set<String> architectures)
        implements PruningMethod {

    public StateMethod {
        architectures = Set.copyOf(architectures);
    }

    @Override
    public Granularity granularity() {
        return Granularity.STATE;
    }

    @Override
    public boolean random() {
        return score == StateScore.RANDOM;
    }

    @Override
    public @Nullable String refusal(ModelConfig model) {
        return architectures.contains(model.architecture())
                ? null
                : name + " does not prune " + model.architecture() + " models: it scores the diagonal states of "
                        + String.join(" and ", new TreeSet<>(architectures)) + " layers";
    }

    @Override
    public Ranking rank(Model model, PruningInputs inputs) {
        if (!(model instanceof StatePrunable<?> prunable)) {
            throw new IllegalArgumentException(
                    name + " prunes states, and a " + model.architecture() + " model lists none");
        }
        List<double[]> scores = new ArrayList<>();
        List<String> flags = new ArrayList<>();
        for (DiagonalStates states : prunable.states()) {
            double[] raw = score.of(states, inputs.seed()); // (states)
            requireFinite(raw, states.layer());
            scores.add(normalisation.of(raw));
            flagUnstable(states, flags);
        }
        return new StateRanking(scores, allocation, flags);
    }

    /** A threshold among NaN would keep nothing and say nothing. */
    private void requireFinite(double[] scores, int layer) {
        for (int i = 0; i < scores.length; i++) {
            if (!Double.isFinite(scores[i])) {
                throw new ModelException("layer " + layer + " state " + i + ": the score of " + name + " is "
                        + scores[i] + "; its eigenvalue, B or C is NaN or infinite: check the checkpoint");
            }
        }
    }

    private static void flagUnstable(DiagonalStates states, List<String> flags) {
        int unstable = 0;
        double largest = 0;
        for (double a : states.lamBarAbs()) {
            unstable += a >= 1 ? 1 : 0;
            largest = Math.max(largest, a);
        }
        if (unstable > 0) {
            flags.add("layer " + states.layer() + ": " + unstable + " of " + states.count()
                    + " states unstable, largest |lambda_bar| " + largest);
        }
    }
}
