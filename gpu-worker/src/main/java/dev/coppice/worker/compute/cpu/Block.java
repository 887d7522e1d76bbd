package dev.coppice.worker.compute.cpu;

import org.bytedeco.javacpp.FloatPointer;

/**
 * Where a matrix lies.
 *
 * @param at its first element
 * @param stride floats from one row to the next
 */
record Block(FloatPointer at, int stride) {}
