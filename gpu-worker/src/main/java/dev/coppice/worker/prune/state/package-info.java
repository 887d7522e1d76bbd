/**
 * Pruning of diagonal states: LAST (Gwak et al., NeurIPS 2024) and what it is compared with. A method is a
 * {@link dev.coppice.worker.prune.state.StateScore}, a {@link dev.coppice.worker.prune.state.Normalisation} and an
 * {@link dev.coppice.worker.prune.state.Allocation}.
 *
 * <p>Letters: a = |lambda_bar| of a state, |B| the norm of its row of B_bar, |C| the norm of its column of C, the mean of
 * both directions where there are two.
 */
@NullMarked
package dev.coppice.worker.prune.state;

import org.jspecify.annotations.NullMarked;
