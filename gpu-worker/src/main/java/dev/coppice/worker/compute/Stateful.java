package dev.coppice.worker.compute;

/**
 * Output of an operation that carries a state along each sequence.
 *
 * @param output one row for each row that went in
 * @param state (S, ...), after each sequence's last row
 */
public record Stateful(Tensor output, Tensor state) {}
