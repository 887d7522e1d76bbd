package dev.coppice.worker.input;

/**
 * A piece of sound, of one channel.
 *
 * @param values signed 16-bit samples in the order of time; (steps)
 */
public record Samples(short[] values) implements Input {}
