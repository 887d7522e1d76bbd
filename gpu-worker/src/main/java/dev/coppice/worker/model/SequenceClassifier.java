package dev.coppice.worker.model;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.input.Input;
import java.util.List;

/** A model that gives a sequence, or a pair of them, one of several classes. */
public interface SequenceClassifier extends Model {

    /** Number of classes. */
    int classes();

    /** Steps T that every sequence is padded to. */
    int sequenceLength();

    /**
     * Encodes inputs with the model's vocabulary, normalisation, permutation and padded length.
     *
     * @throws InputException when an input is not of the kind or length that the model was trained on
     */
    SequenceBatch encode(List<Input> inputs);

    /**
     * Brings the weights onto {@code compute}, into its innermost open scope, whose end is the end of the result. The
     * result may be run by the lanes of {@code compute}.
     */
    LoadedClassifier on(Compute compute);
}
