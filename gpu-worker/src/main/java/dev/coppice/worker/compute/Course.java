package dev.coppice.worker.compute;

import org.jspecify.annotations.Nullable;

/**
 * How an operation goes along packed sequences.
 *
 * @param segments where the sequences lie
 * @param start what they go on from; null for zeros
 * @param carry whether the states after them are asked for
 */
public record Course(Segments segments, @Nullable Start start, Carry carry) {}
