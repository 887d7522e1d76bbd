/** The discrete Mamba-2 models: Phi-Mamba, Smol2-Mamba, Llamba. */
@NullMarked
package dev.coppice.worker.model.discrete;

import org.jspecify.annotations.NullMarked;
