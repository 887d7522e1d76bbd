package dev.coppice.worker.model;

/**
 * An array of a model by its name in a reference's files, such as layer0.lam_bar_re.
 *
 * @param name the name
 * @param shape length of each axis, outermost first
 * @param values row-major, in float64
 */
public record NamedArray(String name, int[] shape, double[] values) {}
