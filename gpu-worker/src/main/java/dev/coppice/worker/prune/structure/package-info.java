/**
 * Pruning of the parts of language models' mixers: states, channels, heads, groups of B and C, whole blocks. What is pruned is gone from the
 * tensors. A method is a {@link dev.coppice.worker.prune.structure.PartScore} of a {@link dev.coppice.worker.prune.structure.MixerPart}, a
 * {@link dev.coppice.worker.prune.state.Normalisation} and an {@link dev.coppice.worker.prune.state.Allocation}.
 *
 * <p>Letters: R rows (tokens), D model width, H heads, G groups of B and C, P head width, N states; of Mamba-1, C channels.
 */
@NullMarked
package dev.coppice.worker.prune.structure;

import org.jspecify.annotations.NullMarked;
