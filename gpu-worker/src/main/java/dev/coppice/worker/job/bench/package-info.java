/**
 * Speed of models with random weights, in the shapes that the literature trains, and of tasks. Letters: B sequences, T steps, H
 * channels, P states of an S5 layer, n states of an S4D channel, D directions, R eigenvalue rows; a conjugate pair of states
 * is stored, and counted, once.
 */
@NullMarked
package dev.coppice.worker.job.bench;

import org.jspecify.annotations.NullMarked;
