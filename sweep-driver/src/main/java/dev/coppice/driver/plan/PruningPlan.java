package dev.coppice.driver.plan;

import dev.coppice.driver.config.CalibrationSource;
import dev.coppice.driver.config.MethodSettings;
import dev.coppice.driver.config.ModelSettings;
import dev.coppice.driver.config.SweepSettings;
import dev.coppice.driver.config.TaskSettings;
import dev.coppice.results.JobSpec;
import dev.coppice.worker.job.JobTicket;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.language.LanguageConfig;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One model and what is to be pruned of it, for no task. */
public final class PruningPlan {

    private static final String NO_TASK = "none";

    private PruningPlan() {}

    /**
     * The ticket for the only model, method and ratio of {@code settings}.
     *
     * @param inputs the task on whose inputs a calibrated method watches a classifier; null for none
     * @throws ModelException when the model is not there, or the method can't prune it
     * @throws dev.coppice.worker.weights.CheckpointException when its weights are not there
     * @throws dev.coppice.worker.task.DataException when the calibration data is not there
     */
    public static JobTicket ticket(SweepSettings settings, @Nullable TaskSettings inputs) {
        MethodSettings chosen = settings.methods().get(0);
        ModelSettings only = settings.models().get(0);
        ResolvedModel model = chosen.method().calibrated() ? ResolvedModel.of(only) : ResolvedModel.withoutTexts(only);
        ResolvedMethod method = ResolvedMethod.of(chosen);
        BigDecimal ratio = settings.ratios().get(0);
        String refusal = method.refusal(model.config());
        if (refusal == null) {
            refusal = method.refusal(ratio);
        }
        if (refusal == null && chosen.batchNormExamples() != null) {
            refusal = "reestimate-batch-norm needs a task's inputs, and there is no task";
        }
        requireNone(refusal, model);
        ResolvedCalibration calibration = calibration(chosen, model, inputs);
        if (calibration != null) {
            CalibrationSource source = Objects.requireNonNull(chosen.calibration());
            requireNone(new Calibrations(new ArrayList<>()).shortage(calibration, source, model), model);
            method = method.calibratedOn(calibration);
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

    private static void requireNone(@Nullable String refusal, ResolvedModel model) {
        if (refusal != null) {
            throw new ModelException(model.settings().name() + ": " + refusal);
        }
    }

    /** What the method watches the model on; null where it needs nothing. */
    private static @Nullable ResolvedCalibration calibration(
            MethodSettings method, ResolvedModel model, @Nullable TaskSettings inputs) {
        CalibrationSource source = method.calibration();
        if (source == null) {
            return null;
        }
        if (model.config() instanceof LanguageConfig) {
            requireNone(Calibrations.refusalOfText(method.name(), source), model);
            return ResolvedCalibration.of(Objects.requireNonNull(source.text()));
        }
        if (inputs == null) {
            throw new ModelException(model.settings().name() + ": " + method.name()
                    + " watches classifiers on inputs of a task; name it with --task, and its data with --data or"
                    + " --training");
        }
        requireNone(Calibrations.refusalOfInputs(method.name(), source, inputs), model);
        requireNone(model.config().refusal(ResolvedTask.of(inputs).inputs()), model);
        return ResolvedCalibration.of(Objects.requireNonNull(source.inputs()), inputs);
    }
}
