package dev.coppice.worker.task;

import static dev.coppice.worker.task.DataFixtures.examples;
import static dev.coppice.worker.task.DataFixtures.first;
import static dev.coppice.worker.task.DataFixtures.idx;
import static dev.coppice.worker.task.DataFixtures.open;
import static dev.coppice.worker.task.DataFixtures.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Pixels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MnistTest {

    private static final int PICTURE = 28 * 28;
    private static final String IMAGES = "t10k-images-idx3-ubyte";
    private static final String LABELS = "t10k-labels-idx1-ubyte";

    @TempDir
    private Path folder;

    private final byte[] pixels = new byte[3 * PICTURE]; // (3, 28, 28)

    @BeforeEach
    void picturesOfSeed1() {
        new Random(1).nextBytes(pixels);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".gz", ".xz", ".bz2"})
    void picturesAndLabelsAreReadInOrder(String packing) throws IOException {
        write(folder, IMAGES + packing, images(3));
        write(folder, LABELS + packing, labels(7, 0, 9));

        List<LabelledExample> read = examples("smnist", folder);

        assertThat(open("smnist", folder).size()).isEqualTo(3);
        assertThat(read).extracting(LabelledExample::index).containsExactly(0, 1, 2);
        assertThat(read).extracting(LabelledExample::label).containsExactly(7, 0, 9);
        for (int i = 0; i < 3; i++) {
            Pixels picture = (Pixels) read.get(i).input();
            assertThat(List.of(picture.width(), picture.height(), picture.channels()))
                    .containsExactly(28, 28, 1);
            assertThat(picture.values()).isEqualTo(Arrays.copyOfRange(pixels, i * PICTURE, (i + 1) * PICTURE));
        }
    }

    @Test
    void theTwoTasksDifferInThePermutationThatTheModelBringsAlong() throws IOException {
        write(folder, "t10k-images.idx3-ubyte", images(3));
        write(folder, "t10k-labels.idx1-ubyte.gz", labels(1, 2, 3));

        assertThat(open("smnist", folder).inputs())
                .isEqualTo(new InputSpec(InputKind.PIXELS, 784, 1, false, false, 10));
        assertThat(open("psmnist", folder).inputs())
                .isEqualTo(new InputSpec(InputKind.PIXELS, 784, 1, true, false, 10));
        assertThat(((Pixels) examples("psmnist", folder).get(2).input()).values())
                .isEqualTo(((Pixels) examples("smnist", folder).get(2).input()).values());
    }

    @Test
    void aLimitTakesTheFirstExamplesAndLeavesTheSizeAlone() throws IOException {
        write(folder, IMAGES, images(3));
        write(folder, LABELS, labels(7, 0, 9));

        assertThat(first(2, "smnist", folder))
                .extracting(LabelledExample::label)
                .containsExactly(7, 0);
        assertThat(first(9, "smnist", folder)).hasSize(3);
        assertThat(open("smnist", folder).size()).isEqualTo(3);
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        write(folder, IMAGES, images(3));

        assertThatThrownBy(() -> open("smnist", folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("found none, expected one file " + LABELS);
        assertThatThrownBy(() -> open("smnist", folder.resolve("nowhere")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("nowhere: there is no such file or folder");
    }

    @Test
    void aWrongHeadIsRefused() throws IOException {
        write(folder, LABELS, labels(7, 0, 9));

        write(folder, IMAGES, idx(0x0d03, new int[] {3, 28, 28}, pixels));
        assertThatThrownBy(() -> open("smnist", folder).size())
                .isInstanceOf(DataException.class)
                .hasMessageContaining(IMAGES + ": found the magic number 0x00000d03, expected 0x00000803");

        write(folder, IMAGES, idx(0x0803, new int[] {3, 32, 28}, pixels));
        assertThatThrownBy(() -> examples("smnist", folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("found the shape [3, 32, 28]");

        write(folder, IMAGES, new byte[] {0, 0, 8});
        assertThatThrownBy(() -> examples("smnist", folder)).isInstanceOf(DataException.class);
    }

    @Test
    void cutAndOverlongFilesAreRefusedAtTheirRow() throws IOException {
        write(folder, LABELS, labels(7, 0, 9));

        write(folder, IMAGES, idx(0x0803, new int[] {3, 28, 28}, Arrays.copyOf(pixels, 2 * PICTURE + 5)));
        assertThatThrownBy(() -> examples("smnist", folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(IMAGES + ": item 2: found the end of the file after 5 bytes of it");

        write(folder, IMAGES, idx(0x0803, new int[] {3, 28, 28}, Arrays.copyOf(pixels, 3 * PICTURE + 1)));
        assertThatThrownBy(() -> examples("smnist", folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("more bytes after item 2");
    }

    @Test
    void labelsMustBeClassesAndAsManyAsPictures() throws IOException {
        write(folder, IMAGES, images(3));

        write(folder, LABELS, labels(7, 10, 9));
        assertThatThrownBy(() -> examples("smnist", folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(LABELS + ": item 1: found the label 10, expected 0 to 9");

        write(folder, LABELS, labels(7, 1));
        assertThatThrownBy(() -> examples("smnist", folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("found 2 labels, expected 3, one for each image");
    }

    private byte[] images(int count) {
        return idx(0x0803, new int[] {count, 28, 28}, pixels);
    }

    private static byte[] labels(int... labels) {
        byte[] bytes = new byte[labels.length]; // (labels)
        for (int i = 0; i < labels.length; i++) {
            bytes[i] = (byte) labels[i];
        }
        return idx(0x0801, new int[] {labels.length}, bytes);
    }
}
