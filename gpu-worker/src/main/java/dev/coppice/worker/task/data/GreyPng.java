package dev.coppice.worker.task.data;

import dev.coppice.worker.task.DataException;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A PNG picture of 8-bit grey or colour, as grey values.
 *
 * @param width pixels in a row
 * @param height rows
 * @param values unsigned; (height, width)
 */
public record GreyPng(int width, int height, byte[] values) {

    /**
     * Decodes a PNG file's bytes; colours become grey by {@link Luma}.
     *
     * @param place file, and row where there is one, for messages
     * @throws DataException when it is not a PNG, is damaged, or has a palette, transparency or 16-bit values
     */
    public static GreyPng decode(byte[] png, String place) {
        BufferedImage image;
        try {
            image = ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(png)));
        } catch (IOException | RuntimeException e) {
            // The decoder answers some damaged files with an unchecked exception.
            throw new DataException(place + ": the picture is damaged (" + e.getMessage() + "); fetch it again", e);
        }
        if (image == null) {
            throw DataErrors.at(place, "no picture", "a PNG", "check that it is the right file");
        }
        Raster raster = image.getRaster();
        int bands = raster.getNumBands();
        if (image.getType() == BufferedImage.TYPE_BYTE_INDEXED
                || bands % 2 == 0
                || image.getSampleModel().getSampleSize(0) != 8) {
            throw DataErrors.at(
                    place, "a palette, transparency or 16-bit values", "8-bit grey or RGB", "convert the picture");
        }
        // The raster has the stored values; BufferedImage.getRGB would convert grey ones between colour spaces.
        byte[] values = new byte[image.getWidth() * image.getHeight()]; // (height, width)
        int[] row = new int[image.getWidth() * bands]; // (width, bands)
        for (int y = 0; y < image.getHeight(); y++) {
            raster.getPixels(0, y, image.getWidth(), 1, row);
            for (int x = 0; x < image.getWidth(); x++) {
                values[y * image.getWidth() + x] =
                        bands == 1 ? (byte) row[x] : Luma.grey(row[3 * x], row[3 * x + 1], row[3 * x + 2]);
            }
        }
        return new GreyPng(image.getWidth(), image.getHeight(), values);
    }

    /** The rows from {@code from} to {@code to} (excluded); (to - from, width). */
    public byte[] rows(int from, int to) {
        return Arrays.copyOfRange(values, from * width, to * width);
    }
}
