package dev.coppice.worker.prune.state;

import dev.coppice.worker.model.KeptStates;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.Ranking;
import java.math.BigDecimal;
import java.util.List;

/**
 * The scores of all states.
 *
 * @param scores normalised; (layers)(states)
 * @param allocation of the budget
 * @param flags remarks on the scores
 */
public record StateRanking(List<double[]> scores, Allocation allocation, List<String> flags) implements Ranking {

    public StateRanking {
        scores = List.copyOf(scores);
        flags = List.copyOf(flags);
    }

    @Override
    public Mask mask(BigDecimal ratio, PruningInputs inputs) {
        if (ratio.signum() < 0 || ratio.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException("a ratio lies between 0 and 1, not at " + ratio.toPlainString());
        }
        return new StateMask(new KeptStates(allocation.keep(scores, ratio)));
    }

    @Override
    public long bytes() {
        return scores.stream().mapToLong(layer -> 8L * layer.length).sum();
    }
}
