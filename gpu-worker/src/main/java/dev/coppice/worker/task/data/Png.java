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
 * A decoded PNG picture of 8-bit grey or colour.
 *
 * @param width pixels in a row
 * @param height rows
 * @param colours what a pixel holds
 * @param values unsigned; (height, width, channels of colours)
 */
public record Png(int width, int height, Colours colours, byte[] values) {

    /** A picture without a row. */
    public static Png empty(int width, Colours colours) {
        return new Png(width, 0, colours, new byte[0]);
    }

    /**
     * Decodes a PNG file's bytes. Where grey is asked for, colours become grey by {@link Luma}.
     *
     * @param place file, and row where there is one, for messages
     * @throws DataException when it is not a PNG, is damaged, has a palette, transparency or 16-bit values, or is grey where
     *     colours are asked for
     */
    public static Png decode(byte[] png, Colours colours, String place) {
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
        // The raster has the stored values; BufferedImage.getRGB would convert grey ones between colour spaces.
        Raster raster = image.getRaster();
        int bands = raster.getNumBands();
        if (image.getType() == BufferedImage.TYPE_BYTE_INDEXED
                || bands % 2 == 0
                || image.getSampleModel().getSampleSize(0) != 8) {
            throw DataErrors.at(
                    place, "a palette, transparency or 16-bit values", "8-bit grey or RGB", "convert the picture");
        }
        if (bands < colours.channels()) {
            throw DataErrors.at(place, "a grey picture", "8-bit RGB", "take the pictures in colour");
        }
        byte[] values =
                new byte[image.getWidth() * image.getHeight() * colours.channels()]; // (height, width, channels)
        int[] row = new int[image.getWidth() * bands]; // (width, bands)
        for (int y = 0; y < image.getHeight(); y++) {
            raster.getPixels(0, y, image.getWidth(), 1, row);
            write(row, bands, colours, values, y * image.getWidth() * colours.channels());
        }
        return new Png(image.getWidth(), image.getHeight(), colours, values);
    }

    private static void write(int[] row, int bands, Colours colours, byte[] values, int at) {
        if (bands == colours.channels()) {
            for (int i = 0; i < row.length; i++) {
                values[at + i] = (byte) row[i];
            }
        } else {
            for (int x = 0; x < row.length / bands; x++) {
                values[at + x] = Luma.grey(row[bands * x], row[bands * x + 1], row[bands * x + 2]);
            }
        }
    }

    /** The rows from {@code from} to {@code to} (excluded); (to - from, width, channels). */
    public byte[] rows(int from, int to) {
        int row = width * colours.channels();
        return Arrays.copyOfRange(values, from * row, to * row);
    }

    /** This picture, when it has {@code side} x {@code side} pixels; a DataException at {@code place} when it has not. */
    public Png square(int side, String place) {
        if (width != side || height != side) {
            throw DataErrors.at(
                    place, width + " x " + height + " pixels", side + " x " + side, "check that it is the right file");
        }
        return this;
    }
}
