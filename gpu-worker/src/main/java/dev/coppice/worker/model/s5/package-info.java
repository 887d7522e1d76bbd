/**
 * S5 sequence classifiers (Smith et al. 2023, "Simplified State Space Layers for Sequence Modeling"), by the parameter
 * names of lindermanlab/S5 and of LAST.
 *
 * <p>Letters: B sequences, T steps, H channels, P complex states that are stored (one of each conjugate pair, unless
 * conj_sym is off), D directions.
 */
@NullMarked
package dev.coppice.worker.model.s5;

import org.jspecify.annotations.NullMarked;
