package dev.coppice.worker.input;

/**
 * Two inputs that are judged together, as in document retrieval.
 *
 * @param first the one document
 * @param second the other
 */
public record DocumentPair(Input first, Input second) implements Input {}
