package dev.coppice.worker.compute;

/**
 * Output of an operation that carries a state along each sequence.
 *
 * @param output one row for each row that went in
 * @param state (S, ...), after each sequence's last row; (0, ...) with {@link Carry#NOTHING}
 */
public record Stateful(Tensor output, Tensor state) {}
