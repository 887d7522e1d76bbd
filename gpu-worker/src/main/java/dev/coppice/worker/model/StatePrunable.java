package dev.coppice.worker.model;

import java.util.List;

/**
 * A model whose diagonal states can be pruned.
 *
 * @param <M> the model's own type
 */
public interface StatePrunable<M extends Model> extends Model {

    /** The states of every layer, first layer first. */
    List<DiagonalStates> states();

    /**
     * The same tensors with pruned states zeroed (LAST, section 4: lambda_bar, the row of B_bar and the columns of C).
     *
     * @throws IllegalArgumentException when the layers or counts are not this model's
     */
    M zeroed(KeptStates kept);

    /**
     * The same function in smaller tensors, without the pruned states.
     *
     * @throws IllegalArgumentException when the layers or counts are not this model's
     */
    M compacted(KeptStates kept);
}
