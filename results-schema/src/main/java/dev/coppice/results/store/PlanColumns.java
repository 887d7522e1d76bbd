package dev.coppice.results.store;

import static dev.coppice.results.store.Columns.present;

import com.jerolba.carpet.annotation.NotNull;
import dev.coppice.results.Granularity;
import dev.coppice.results.JobSpec;
import dev.coppice.results.PlannedJob;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A planned job as the plan's Parquet file has it: its id and the whole spec that the id is the hash of. */
record PlanColumns(
        @NotNull @Meaning("SHA-256 of the job's canonical JSON, 64 hexadecimal digits")
        String jobId,

        @NotNull @Meaning("name of the model in the sweep's config")
        String model,

        @NotNull @Meaning("SHA-256 over config, tensor index and sampled content")
        String modelFingerprint,

        @Meaning("model family, such as s5; null when the model could not be read") @Nullable
        String architecture,

        @NotNull @Meaning("name of the task") String task,

        @NotNull @Meaning("version of the task's definition")
        String taskVersion,

        @NotNull @Meaning("example limit, protocol, SHA-256 of the data and the like")
        Map<String, String> taskParams,

        @NotNull @Meaning("how the metric is computed") String protocol,

        @NotNull @Meaning("part of the data that is evaluated")
        String split,

        @NotNull @Meaning("pruning method; dense for the unpruned model")
        String method,

        @NotNull @Meaning("parameters of the method, defaults included")
        Map<String, String> methodParams,

        @NotNull @Meaning("source SHA-256 and settings of the calibration data")
        Map<String, String> calibration,

        @Meaning("what the ratio counts; null for dense") @Nullable
        String granularity,

        @Meaning("fraction to prune, in [0, 1); 0 for dense")
        double ratioRequested,

        @Meaning("seed of the method; null for methods without randomness") @Nullable
        Long seed,

        @NotNull @Meaning("arithmetic: float32, tf32, bfloat16 or float16")
        String precision) {

    static PlanColumns of(PlannedJob job) {
        JobSpec spec = job.spec();
        Granularity granularity = job.granularity();
        return new PlanColumns(
                spec.id().hex(),
                spec.model(),
                spec.modelFingerprint(),
                job.architecture(),
                spec.task(),
                spec.taskVersion(),
                spec.taskParams(),
                job.protocol(),
                job.split(),
                spec.method(),
                spec.methodParams(),
                spec.calibration(),
                granularity == null ? null : granularity.label(),
                spec.ratio().doubleValue(),
                spec.seed(),
                spec.precision());
    }

    /**
     * The job that they describe.
     *
     * @throws IllegalArgumentException when they are not from a plan
     */
    PlannedJob restore() {
        JobSpec spec = new JobSpec(
                present(model, "model"),
                present(modelFingerprint, "model_fingerprint"),
                present(task, "task"),
                present(taskVersion, "task_version"),
                new TreeMap<>(present(taskParams, "task_params")),
                present(method, "method"),
                new TreeMap<>(present(methodParams, "method_params")),
                new TreeMap<>(present(calibration, "calibration")),
                BigDecimal.valueOf(ratioRequested),
                seed,
                present(precision, "precision"));
        return new PlannedJob(
                spec,
                architecture,
                present(protocol, "protocol"),
                present(split, "split"),
                granularity == null ? null : Granularity.of(granularity));
    }
}
