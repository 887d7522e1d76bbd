package dev.coppice.driver.plan;

import dev.coppice.driver.config.CalibrationSource;
import dev.coppice.driver.config.MethodSettings;
import dev.coppice.driver.config.SweepSettings;
import dev.coppice.results.JobSpec;
import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.model.ModelException;
import java.math.BigDecimal;
import java.util.TreeMap;

/** One model and what is to be pruned of it, for no task. */
public final class PruningPlan {

    private static final String NO_TASK = "none";

    private PruningPlan() {}

    /**
     * The ticket for the only model, method and ratio of {@code settings}.
     *
     * @throws ModelException when the model is not there, or the method can't prune it
     * @throws dev.coppice.worker.weights.CheckpointException when its weights are not there
     * @throws dev.coppice.worker.task.DataException when the calibration data is not there
     */
    public static JobTicket ticket(SweepSettings settings) {
        ResolvedModel model = ResolvedModel.of(settings.models().get(0));
        MethodSettings chosen = settings.methods().get(0);
        CalibrationSource source = chosen.calibration();
        ResolvedCalibration calibration = source == null ? null : ResolvedCalibration.of(source);
        ResolvedMethod method = new ResolvedMethod(chosen, chosen.method(), calibration);
        BigDecimal ratio = settings.ratios().get(0);
        String refusal = method.refusal(model.config());
        if (refusal == null) {
            refusal = method.refusal(ratio);
        }
        if (refusal == null && chosen.batchNormExamples() != null) {
            refusal = "reestimate-batch-norm needs a task's inputs, and there is no task";
        }
        if (refusal != null) {
            throw new ModelException(model.settings().name() + ": " + refusal);
        }
        JobSpec spec = new JobSpec(
                model.settings().name(),
                model.fingerprint(),
                NO_TASK,
                "",
                new TreeMap<>(),
                method.name(),
                chosen.params(),
                method.calibrationIdentity(),
                ratio,
                method.seeds().get(0),
                settings.precision().configName());
        return new JobTicket(
                spec,
                settings.name(),
                1,
                model.settings().path().toString(),
                model.settings().weights(),
                "",
                calibration == null ? null : calibration.path(),
                settings.jobTime());
    }
}
