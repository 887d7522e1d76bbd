/**
 * What a model is, whatever its family: it encodes inputs, runs on a Compute, and lists the parts that can be pruned. Models
 * know what can be pruned, not how.
 */
@NullMarked
package dev.coppice.worker.model;

import org.jspecify.annotations.NullMarked;
