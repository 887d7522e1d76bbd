/**
 * S4D classifiers (Gu et al. 2022, "On the Parameterization and Initialization of Diagonal State Space Models"): every
 * channel has a single-input single-output diagonal system of its own.
 *
 * <pre>
 * B sequences    T steps        H channels (d_model)
 * n states of a channel, one of each conjugate pair (d_state / 2)
 * S states of a layer, channel by channel: H n, or fewer once compacted
 * D directions   1 forward, 2 both; the backward one lies strictly in the future
 * </pre>
 *
 * <p>Two published variants, which differ in names, signs and parts: {@code standalone} is the short form of models/s4/s4d.py
 * in state-spaces/s4, {@code full} the general one of its S4Block.
 */
@NullMarked
package dev.coppice.worker.model.s4d;

import org.jspecify.annotations.NullMarked;
