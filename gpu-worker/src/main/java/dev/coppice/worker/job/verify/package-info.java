/**
 * Compares a model's outputs and intermediates with those that a reference implementation recorded in a safetensors file,
 * named as in the fixtures' README.
 */
@NullMarked
package dev.coppice.worker.job.verify;

import org.jspecify.annotations.NullMarked;
