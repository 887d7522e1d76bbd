/**
 * Checkpoints: names to arrays, read lazily and without executing anything that a file contains.
 */
@NullMarked
package dev.coppice.worker.weights;

import org.jspecify.annotations.NullMarked;
