/** What language models have in common: token batches, states to go on from, blocks. */
@NullMarked
package dev.coppice.worker.model.language;

import org.jspecify.annotations.NullMarked;
