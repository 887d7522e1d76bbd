package dev.coppice.worker.job;

import dev.coppice.results.JobSpec;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.model.BatchNormalised;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.task.LabelledExample;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job's wish to measure the batch norms of its pruned model again, on inputs of its task. Labels are not looked at. */
public final class BatchNormRenewal {

    /** The entry of {@link JobSpec#calibration} that asks for it; its value is the number of examples to measure on. */
    public static final String KEY = "reestimateBatchNorm";

    private final int examples;

    private BatchNormRenewal(int examples) {
        this.examples = examples;
    }

    /** What {@code spec} asks for; null when it does not. */
    static @Nullable BatchNormRenewal of(JobSpec spec) {
        String examples = spec.calibration().get(KEY);
        return examples == null ? null : new BatchNormRenewal(Integer.parseInt(examples));
    }

    /**
     * The model with the statistics of the task's first examples in its norms.
     *
     * @throws IllegalRequestException when it has no batch norm
     * @throws NumericException when an activation is NaN or infinite
     */
    SequenceClassifier apply(SequenceClassifier model, List<LabelledExample> all, Compute compute, Deadline deadline) {
        if (!(model instanceof BatchNormalised<?> normalised) || !normalised.hasBatchNorm()) {
            throw refusal();
        }
        List<LabelledExample> some = all.subList(0, Math.min(examples, all.size()));
        try {
            return (SequenceClassifier)
                    normalised.withStatisticsOf(batches(model, some, compute), compute, deadline::check);
        } catch (ArithmeticException e) {
            throw new NumericException("batch norms cannot be measured again: " + e.getMessage());
        }
    }

    /** What a model without batch norms gets to hear. */
    static IllegalRequestException refusal() {
        return new IllegalRequestException("the model has no batch norms, whose statistics could be measured again;"
                + " take reestimate-batch-norm out of the method");
    }

    private static List<SequenceBatch> batches(
            SequenceClassifier model, List<LabelledExample> examples, Compute compute) {
        ExampleEncoder encoder = new ExampleEncoder(model);
        return encoder.batches(examples, compute).stream().map(encoder::encode).toList();
    }

    /** What a row says of it. */
    String remark() {
        return "batch norms measured again on the first " + examples + " examples";
    }
}
