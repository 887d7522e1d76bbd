package dev.coppice.worker.input;

/**
 * A text.
 *
 * @param text as it stands in the data
 */
public record Text(String text) implements Input {}
