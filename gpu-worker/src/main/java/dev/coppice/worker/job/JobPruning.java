package dev.coppice.worker.job;

import dev.coppice.results.Achieved;
import dev.coppice.results.JobSpec;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.StatePrunable;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.prune.Ranking;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prunes a job's model as it asks: score, mask, compact. */
final class JobPruning {

    private final JobInputs inputs;

    /** Pruning with the scores that {@code inputs} shares. */
    JobPruning(JobInputs inputs) {
        this.inputs = inputs;
    }

    /**
     * The model that the job evaluates.
     *
     * @return {@code whole} itself where nothing is to be pruned, else a smaller one of the same family
     * @throws IllegalRequestException when the method does not fit the model
     */
    Model prune(JobTicket ticket, Model whole, JobProgress progress) {
        JobSpec spec = ticket.spec();
        if (spec.method().equals(JobSpec.DENSE)) {
            progress.pruned(achieved(whole, whole, 0, unpruned(whole), null));
            return whole;
        }
        PruningMethod method = Methods.of(spec.method());
        String refusal = method.refusal(whole.architecture());
        if (refusal != null) {
            throw new IllegalRequestException(refusal);
        }
        Ranking ranking = progress.time(Phase.SCORE, () -> inputs.ranking(ticket, method, whole));
        return progress.time(Phase.PRUNE, () -> {
            Mask mask = ranking.mask(spec.ratio());
            Model compacted = mask.compact(whole);
            List<String> remarks = new ArrayList<>(ranking.flags());
            BatchNormRenewal renewal = BatchNormRenewal.of(spec);
            if (renewal != null) {
                remarks.add(renewal.remark());
            }
            String flags = remarks.isEmpty() ? null : String.join("; ", remarks);
            progress.pruned(achieved(whole, compacted, mask.achievedRatio(), mask.keptPerLayer(), flags));
            return compacted;
        });
    }

    private static List<Integer> unpruned(Model model) {
        return model instanceof StatePrunable<?> prunable
                ? prunable.states().stream().map(layer -> layer.count()).toList()
                : List.of();
    }

    private static Achieved achieved(
            Model whole, Model pruned, double ratio, List<Integer> keptPerLayer, @Nullable String flags) {
        return new Achieved(
                ratio,
                1 - pruned.mixerParameters() / (double) whole.mixerParameters(),
                1 - pruned.parameters() / (double) whole.parameters(),
                pruned.parameters(),
                pruned.stateSize(),
                keptPerLayer,
                flags);
    }
}
