/** Llama models whose attention layers have partly become Mamba-2 layers. */
@NullMarked
package dev.coppice.worker.model.hybrid;

import org.jspecify.annotations.NullMarked;
