package dev.coppice.worker.model;

import dev.coppice.worker.compute.Compute;
import java.util.List;

/**
 * A model whose norms may hold running statistics, which can be measured again: those of a pruned model are still the
 * whole model's.
 *
 * @param <M> the model's own type
 */
public interface BatchNormalised<M extends Model> extends Model {

    /** Whether there is any batch norm; layer norms hold no statistics. */
    boolean hasBatchNorm();

    /**
     * The model with the statistics of {@code batches} in its batch norms: mean and biased variance of each channel over
     * all sequences and steps, padding included, as one training step on all of them would take them (Ioffe and Szegedy
     * 2015, algorithm 1). Norm after norm, each measured behind those already renewed, so that the batches run once for
     * each norm, and only up to it. A model without batch norms stays as it is.
     *
     * @param check called before a batch is run; what it throws ends the work
     * @throws IllegalArgumentException when there is no batch
     * @throws ArithmeticException when an activation is NaN or infinite; the message names the norm
     */
    M withStatisticsOf(List<SequenceBatch> batches, Compute compute, Runnable check);
}
