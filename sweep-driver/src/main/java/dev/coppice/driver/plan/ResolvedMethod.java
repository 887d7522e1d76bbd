package dev.coppice.driver.plan;

import dev.coppice.driver.config.MethodSettings;
import dev.coppice.results.Granularity;
import dev.coppice.worker.job.BatchNormRenewal;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.prune.PruningMethod;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A method, and in the cells of a task its calibration data.
 *
 * @param settings what the config says of it
 * @param pruning what it does; null for the dense model
 * @param calibration what it watches models of a task on, which is there; null where it needs nothing, and while no task is chosen
 */
record ResolvedMethod(
        MethodSettings settings,
        @Nullable PruningMethod pruning,
        @Nullable ResolvedCalibration calibration) {

    /** The dense model's cell. */
    static final ResolvedMethod DENSE = new ResolvedMethod(MethodSettings.DENSE, null, null);

    /** A method that no task is chosen for. */
    static ResolvedMethod of(MethodSettings settings) {
        return new ResolvedMethod(settings, settings.method(), null);
    }

    /** The same, with what it watches models on. */
    ResolvedMethod calibratedOn(ResolvedCalibration data) {
        return new ResolvedMethod(settings, pruning, data);
    }

    String name() {
        return settings.name();
    }

    /** The seeds of its jobs: null alone for one without randomness. */
    List<@Nullable Long> seeds() {
        return settings.seeds().isEmpty() ? Collections.singletonList(null) : new ArrayList<>(settings.seeds());
    }

    @Nullable
    Granularity granularity() {
        return pruning == null ? null : pruning.granularity();
    }

    /** What a job's identity says of its calibration. */
    SortedMap<String, String> calibrationIdentity() {
        SortedMap<String, String> identity = new TreeMap<>(calibration == null ? Map.of() : calibration.identity());
        if (settings.batchNormExamples() != null) {
            identity.put(BatchNormRenewal.KEY, String.valueOf(settings.batchNormExamples()));
        }
        return identity;
    }

    /** Why it cannot prune such a model; null when it can. */
    @Nullable
    String refusal(ModelConfig model) {
        String refusal = pruning == null ? null : pruning.refusal(model);
        if (refusal == null && settings.batchNormExamples() != null && !model.hasBatchNorm()) {
            return name() + " with reestimate-batch-norm: the model has no batch norms";
        }
        return refusal;
    }

    /** Why it cannot prune this fraction; null when it can. */
    @Nullable
    String refusal(BigDecimal ratio) {
        return pruning == null ? null : pruning.refusal(ratio);
    }
}
