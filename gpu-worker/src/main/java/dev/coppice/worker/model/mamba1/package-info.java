/** Mamba-1. */
@NullMarked
package dev.coppice.worker.model.mamba1;

import org.jspecify.annotations.NullMarked;
