package dev.coppice.worker.job.verify;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.model.DiscreteParameters;
import dev.coppice.worker.model.LoadedClassifier;
import dev.coppice.worker.model.NamedArray;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.CheckpointException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/**
 * Runs a classifier on a golden file's inputs and compares what comes out. Outputs come from the path that jobs take (on a
 * lane, unobserved, a pruned model compacted), intermediates from an observed run.
 */
public final class Verifier {

    private static final String LOGITS = "logits";
    private static final String LOG_PROBS = "log_probs";
    private static final Set<String> OUTPUTS = Set.of(LOGITS, LOG_PROBS);

    private final Compute compute;
    private final Checkpoint golden;
    private final Comparisons comparisons;

    private Verifier(Compute compute, Checkpoint golden) {
        this.compute = compute;
        this.golden = golden;
        this.comparisons = new Comparisons(golden, compute);
    }

    /**
     * Compares parameters, intermediates and outputs of a whole model.
     *
     * @throws CheckpointException when the golden file has no inputs or they do not fit the model
     */
    public static Verification verify(SequenceClassifier model, Compute compute, Checkpoint golden) {
        Verifier verifier = new Verifier(compute, golden);
        if (model instanceof DiscreteParameters discrete) {
            for (NamedArray array : discrete.discreteParameters()) {
                verifier.comparisons.add(array.name(), array.shape(), array.values());
            }
        }
        verifier.run(model, "", verifier::observe);
        return verifier.comparisons.result();
    }

    /**
     * Compares the outputs of a model pruned by {@code method} with the golden file's tensors for it, which are called
     * {@code pruned.METHOD.SCOPE.rPERCENT.logits} or {@code .log_probs}.
     *
     * @param ratio fraction to prune, in (0, 1]
     * @throws CheckpointException when the golden file has no inputs or they do not fit the model
     */
    public static Verification verifyPruned(
            SequenceClassifier model, Compute compute, Checkpoint golden, PruningMethod method, BigDecimal ratio) {
        PruningInputs inputs = PruningInputs.on(compute, null, 0, () -> {});
        Mask mask = method.rank(model, inputs).mask(ratio, inputs);
        Verifier verifier = new Verifier(compute, golden);
        verifier.run((SequenceClassifier) mask.compact(model), GoldenNames.prefix(method.name(), ratio), Observer.NONE);
        return verifier.comparisons.result();
    }

    /** The prunings that a golden file has outputs for, such as pruned.last.global.r50. */
    public static List<String> prunings(Checkpoint golden) {
        return golden.names().stream()
                .filter(name -> name.startsWith(GoldenNames.PRUNED))
                .map(name -> name.substring(0, name.lastIndexOf('.')))
                .distinct()
                .toList();
    }

    private void run(SequenceClassifier model, String prefix, Observer observer) {
        SequenceBatch batch = GoldenInputs.read(golden);
        try (Scope scope = compute.scope()) {
            LoadedClassifier loaded = model.on(compute);
            if (observer != Observer.NONE) {
                loaded.logits(compute, batch, observer);
            }
            compute.parallel(1, (piece, lane) -> {
                Tensor logits = loaded.logits(lane, batch, Observer.NONE); // (outputs, classes)
                comparisons.add(prefix + LOGITS, lane, logits);
                comparisons.add(prefix + LOG_PROBS, lane, lane.logSoftmax(logits));
            });
        } catch (IllegalArgumentException e) { // the compute's word for operands that do not fit
            throw new CheckpointException(golden.source() + ": its inputs do not fit the model: " + e.getMessage(), e);
        }
    }

    private void observe(String name, Compute lane, Tensor tensor) {
        if (!OUTPUTS.contains(name)) {
            comparisons.add(name, lane, tensor);
            comparisons.add(name + "_recurrent", lane, tensor); // S4D's layers, recorded in both of their forms
        }
    }
}
