/**
 * The operations in ND4J 1.0.0-M2.1: few large operations, scans in chunks as batched matrix products. B sequences, T steps, H
 * channels or heads, P states or head width, N states, Q steps of a chunk, K chunks, R rows.
 */
@NullMarked
package dev.coppice.worker.compute.nd4j;

import org.jspecify.annotations.NullMarked;
