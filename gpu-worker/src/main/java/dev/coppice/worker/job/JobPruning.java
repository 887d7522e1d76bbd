package dev.coppice.worker.job;

import dev.coppice.results.Achieved;
import dev.coppice.results.JobSpec;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.StatePrunable;
import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.prune.Calibration;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.prune.Ranking;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
    Model prune(JobTicket ticket, Model whole, Compute compute, Deadline deadline, JobProgress progress) {
        JobSpec spec = ticket.spec();
        if (spec.method().equals(JobSpec.DENSE)) {
            progress.pruned(unpruned(whole));
            return whole;
        }
        Chosen chosen = choose(ticket, whole, compute, deadline, progress);
        return progress.time(Phase.PRUNE, () -> {
            Mask mask = chosen.mask();
            Model compacted = mask.compact(whole);
            List<String> remarks = new ArrayList<>(chosen.ranking().flags());
            BatchNormRenewal renewal = BatchNormRenewal.of(spec);
            if (renewal != null) {
                remarks.add(renewal.remark());
            }
            String flags = remarks.isEmpty() ? null : String.join("; ", remarks);
            progress.pruned(achieved(whole, compacted, mask, flags));
            return compacted;
        });
    }

    /** What a method knows of a model, and what it takes away at one ratio. */
    record Chosen(Ranking ranking, Mask mask) {}

    /**
     * Chooses what the job prunes; the model stays as it is.
     *
     * @throws IllegalRequestException when the method does not fit the model
     */
    Chosen choose(JobTicket ticket, Model whole, Compute compute, Deadline deadline, JobProgress progress) {
        JobSpec spec = ticket.spec();
        PruningMethod method = Methods.of(spec.method(), spec.methodParams());
        requireFits(method, whole, spec.ratio());
        Calibration calibration = method.calibrated()
                ? progress.time(Phase.LOAD, () -> inputs.calibration(ticket, whole, rows(whole, compute)))
                : null;
        PruningInputs own =
                PruningInputs.on(compute, calibration, Objects.requireNonNullElse(spec.seed(), 0L), deadline::check);
        Ranking ranking = progress.time(Phase.SCORE, () -> inputs.ranking(ticket, method, whole, own));
        return new Chosen(ranking, progress.time(Phase.PRUNE, () -> ranking.mask(spec.ratio(), own)));
    }

    /** Steps that suit the device for one run of such a model. */
    private static int rows(Model model, Compute compute) {
        return model instanceof LanguageModel ? compute.language().preferredRows() : compute.preferredSteps();
    }

    private static void requireFits(PruningMethod method, Model model, BigDecimal ratio) {
        String refusal = method.refusal(model.config());
        if (refusal == null) {
            refusal = method.refusal(ratio);
        }
        if (refusal != null) {
            throw new IllegalRequestException(refusal);
        }
    }

    private static Achieved unpruned(Model model) {
        List<Integer> states = model instanceof StatePrunable<?> prunable
                ? prunable.states().stream().map(layer -> layer.count()).toList()
                : List.of();
        return new Achieved(0, 0.0, 0.0, model.parameters(), model.stateSize(), model.stateBytes(), states, null);
    }

    /** What a row says of {@code pruned}, the compacted form of {@code whole}. */
    static Achieved achieved(Model whole, Model pruned, Mask mask, @Nullable String flags) {
        return new Achieved(
                mask.achievedRatio(),
                gone(whole.mixerParameters(), pruned.mixerParameters() - mask.mixerZeros()),
                gone(whole.parameters(), pruned.parameters() - mask.zeros()),
                pruned.parameters(),
                pruned.stateSize(),
                pruned.stateBytes(),
                mask.keptPerLayer(),
                flags);
    }

    /** One division, so that 3 of 10 are 0.3 and not 1 - 0.7. */
    private static double gone(long before, long after) {
        return before == 0 ? 0 : (before - after) / (double) before;
    }
}
