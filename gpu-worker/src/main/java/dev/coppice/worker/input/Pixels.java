package dev.coppice.worker.input;

/**
 * A picture, row by row.
 *
 * @param width pixels in a row
 * @param height rows
 * @param channels values of a pixel: 1 grey, 3 red, green and blue
 * @param values 0 to 255, unsigned; (height, width, channels)
 */
public record Pixels(int width, int height, int channels, byte[] values) implements Input {}
