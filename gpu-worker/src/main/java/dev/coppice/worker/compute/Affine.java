package dev.coppice.worker.compute;

/**
 * scale x + shift in each channel, which is batch norm with running statistics.
 *
 * @param scale (H)
 * @param shift (H)
 */
public record Affine(Tensor scale, Tensor shift) {}
