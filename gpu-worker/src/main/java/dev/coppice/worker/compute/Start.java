package dev.coppice.worker.compute;

/**
 * States that the sequences of a batch go on from; several may go on from the same one.
 *
 * @param states (S', ...), one for each earlier sequence
 * @param parents (S), index into {@code states} for each sequence of the batch
 */
public record Start(Tensor states, int[] parents) {}
