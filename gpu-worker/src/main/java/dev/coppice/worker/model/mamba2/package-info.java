/** Mamba-2 and what is built of its mixer. */
@NullMarked
package dev.coppice.worker.model.mamba2;

import org.jspecify.annotations.NullMarked;
