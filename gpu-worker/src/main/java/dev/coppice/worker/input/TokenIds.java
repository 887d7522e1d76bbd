package dev.coppice.worker.input;

/**
 * A sequence that is numbered already, in the model's own vocabulary, end mark included, padding not.
 *
 * @param ids numbers from 0
 */
public record TokenIds(int[] ids) implements Input {}
