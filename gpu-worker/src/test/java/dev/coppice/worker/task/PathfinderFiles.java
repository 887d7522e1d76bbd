package dev.coppice.worker.task;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** A Pathfinder release of thirty made-up pictures, in three metadata files of ten rows. */
public final class PathfinderFiles {

    /** Rows of the test split: what random_split of PyTorch 2.11 gives for 24, 3 and 3 of 30 with the seed 42. */
    static final int[] TEST_ROWS = {5, 24, 3};

    private PathfinderFiles() {}

    /** Writes the release's folder pathfinder32 or pathfinder128 into {@code release}. */
    public static Path write(Path release, int side) throws IOException {
        Path level = release.resolve("pathfinder" + side).resolve("curv_contour_length_14");
        int[] numbers = {0, 2, 10}; // whose order by name is another
        for (int i = 0; i < numbers.length; i++) {
            StringBuilder rows = new StringBuilder();
            for (int sample = 0; sample < 10; sample++) {
                int row = 10 * i + sample;
                rows.append("imgs/%d sample_%d.png %d %d 1.8 14 4 5 1.5 2 1\n"
                        .formatted(numbers[i], sample, sample, label(row)));
                DataFixtures.write(level.resolve("imgs/" + numbers[i]), "sample_" + sample + ".png", png(row, side));
            }
            DataFixtures.write(level.resolve("metadata"), numbers[i] + ".npy", rows.toString());
        }
        return level;
    }

    static int label(int row) {
        return row / 3 % 2;
    }

    /** The grey values of a row's picture, of the row's number as seed; (side, side). */
    static byte[] picture(int row, int side) {
        byte[] values = new byte[side * side];
        new Random(row).nextBytes(values);
        return values;
    }

    static byte[] png(int row, int side) throws IOException {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
        byte[] values = picture(row, side);
        for (int i = 0; i < values.length; i++) {
            image.getRaster().setSample(i % side, i / side, 0, values[i] & 0xff);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }
}
