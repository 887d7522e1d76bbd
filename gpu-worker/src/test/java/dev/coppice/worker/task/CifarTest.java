package dev.coppice.worker.task;

import static dev.coppice.worker.task.DataFixtures.examples;
import static dev.coppice.worker.task.DataFixtures.first;
import static dev.coppice.worker.task.DataFixtures.open;
import static dev.coppice.worker.task.DataFixtures.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jerolba.carpet.CarpetWriter;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Pixels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three pictures of seed 5 in every layout. */
class CifarTest {

    private static final int PICTURES = 3;
    private static final int PLANE = 32 * 32;
    private static final int[] LABELS = {6, 0, 9};

    /** Rows of Hugging Face's files. */
    record Row(@Nullable Img img, long label) {}

    record Img(Binary bytes, String path) {}

    record Unlabelled(Img img) {}

    @TempDir
    private Path folder;

    private final byte[] colours = colours(); // (PICTURES, 3, 32, 32)

    @ParameterizedTest
    @ValueSource(strings = {"", ".gz", ".xz", ".bz2"})
    void binaryBatchesBecomeGrey(String packing) throws IOException {
        Path batches = folder.resolve("cifar-10-batches-bin");
        Path file = write(batches, "test_batch.bin" + packing, batch());
        write(batches, "data_batch_1.bin", new byte[] {1, 2, 3});

        assertPictures(examples("image", folder));
        assertPictures(examples("image", batches));
        assertPictures(examples("image", file));
        assertThat(open("image", file).size()).isEqualTo(PICTURES);
        assertThat(open("image", file).inputs()).isEqualTo(new InputSpec(InputKind.PIXELS, 1024, 1, false, false, 10));
        assertThat(first(1, "image", file)).hasSize(1);
    }

    @Test
    void parquetFilesAreReadInTheOrderOfTheirNames() throws IOException {
        table("test-00001-of-00002.parquet", new Row(picture(2), LABELS[2]));
        table("test-00000-of-00002.parquet", new Row(picture(0), LABELS[0]), new Row(picture(1), LABELS[1]));
        table("train-00000-of-00001.parquet", new Row(picture(0), 11));

        assertPictures(examples("image", folder));
        assertThat(open("image", folder).size()).isEqualTo(PICTURES);
        assertThat(examples("image", folder.resolve("test-00001-of-00002.parquet")))
                .extracting(LabelledExample::label)
                .containsExactly(LABELS[2]);
    }

    @Test
    void stripsOfColourAreReadInTheOrderOfTheirNames() throws IOException {
        write(folder, "test_1.png", png(2, 3, BufferedImage.TYPE_INT_RGB));
        write(folder, "test_0.png", png(0, 2, BufferedImage.TYPE_INT_RGB));
        write(folder, "train_0.png", png(0, 1, BufferedImage.TYPE_INT_RGB));
        write(folder, "test_labels.u8.gz", labels(6, 0, 9));

        assertPictures(examples("image", folder));
        assertThat(open("image", folder).size()).isEqualTo(PICTURES);
    }

    @Test
    void everyLayoutGivesColours() throws IOException {
        write(folder.resolve("batch"), "test_batch.bin", batch());
        Files.createDirectories(folder.resolve("table"));
        table("table/test-0.parquet", new Row(picture(0), 6), new Row(picture(1), 0), new Row(picture(2), 9));
        write(folder.resolve("strips"), "test.png", png(0, 3, BufferedImage.TYPE_INT_RGB));
        write(folder.resolve("strips"), "test.u8", labels(6, 0, 9));

        for (String layout : List.of("batch", "table", "strips")) {
            List<LabelledExample> read = examples("scifar", folder.resolve(layout));
            assertThat(read).as(layout).extracting(LabelledExample::label).containsExactly(6, 0, 9);
            for (int n = 0; n < PICTURES; n++) {
                Pixels picture = (Pixels) read.get(n).input();
                assertThat(picture.channels()).isEqualTo(3);
                for (int i = 0; i < 3 * PLANE; i++) {
                    assertThat(picture.values()[i] & 0xff).as(layout).isEqualTo(colour(n, i % 3, i / 3));
                }
            }
        }
        assertThat(open("scifar", folder.resolve("batch")).inputs())
                .isEqualTo(new InputSpec(InputKind.PIXELS, 1024, 3, false, false, 10));
    }

    @Test
    void greyPicturesHaveNoColours() throws IOException {
        write(folder, "test.png", png(new BufferedImage(32, 32, BufferedImage.TYPE_BYTE_GRAY)));
        write(folder, "test.u8", labels(1));

        assertThatThrownBy(() -> examples("scifar", folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "test.png: found a grey picture, expected 8-bit RGB; take the pictures in colour");
    }

    @Test
    void greyStripsKeepTheirValues() throws IOException {
        BufferedImage strip = new BufferedImage(32, 64, BufferedImage.TYPE_BYTE_GRAY);
        byte[] values = new byte[2 * PLANE]; // (2, 32, 32)
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) i;
            strip.getRaster().setSample(i % 32, i / 32, 0, i & 0xff);
        }
        write(folder, "grey_test.png", png(strip));
        write(folder, "grey_test_labels.u8", labels(1, 2));

        List<LabelledExample> read = examples("image", folder);

        assertThat(read).hasSize(2);
        assertThat(((Pixels) read.get(1).input()).values()).isEqualTo(Arrays.copyOfRange(values, PLANE, 2 * PLANE));
    }

    @Test
    void cutBatchesAndForeignLabelsAreRefusedAtTheirRow() throws IOException {
        Path file = write(folder, "test_batch.bin", Arrays.copyOf(batch(), 2 * 3073 + 100));
        assertThatThrownBy(() -> examples("image", file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("test_batch.bin: row 2: found the end of the file after 100 bytes of it");
        assertThatThrownBy(() -> open("image", file).size()).isInstanceOf(DataException.class);

        byte[] foreign = batch();
        foreign[3073] = 77;
        write(folder, "test_batch.bin", foreign);
        assertThatThrownBy(() -> examples("image", file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("test_batch.bin: row 1: found the label 77, expected 0 to 9");
    }

    @Test
    void stripsMustBeOfPicturesWithALabelEach() throws IOException {
        write(folder, "test.png", png(0, 2, BufferedImage.TYPE_INT_RGB));
        Path labels = write(folder, "test.u8", labels(1, 2, 3));
        assertRefused("test.u8: found 3 labels, expected 2, one for each picture");

        write(folder, "test.u8", labels(1));
        assertRefused("test.u8: found 1 labels, expected one for each picture, of which there are more");

        write(folder, "test.png", png(new BufferedImage(32, 40, BufferedImage.TYPE_BYTE_GRAY)));
        assertRefused("test.png: found 32 x 40 pixels");

        write(folder, "test.png", png(new BufferedImage(32, 32, BufferedImage.TYPE_INT_ARGB)));
        assertRefused("test.png: found a palette, transparency or 16-bit values, expected 8-bit grey or RGB");

        write(folder, "test.png", png(new BufferedImage(32, 32, BufferedImage.TYPE_BYTE_INDEXED)));
        assertRefused("test.png: found a palette");

        write(folder, "test.png", "no picture");
        assertRefused("test.png: found no picture, expected a PNG");

        byte[] whole = png(0, 2, BufferedImage.TYPE_INT_RGB);
        write(folder, "test.png", Arrays.copyOf(whole, whole.length / 2));
        assertRefused("test.png: the picture is damaged");

        Files.delete(labels);
        assertRefused("found none, expected one file *test*.u8");
    }

    @Test
    void tablesMustHaveTheColumnsAndPictures() throws IOException {
        Path file = folder.resolve("test-0.parquet");
        write(folder, "test-0.parquet", "PAR1 but nothing else");
        assertRefused("test-0.parquet: cannot be read as Parquet");

        Files.delete(file);
        try (OutputStream out = Files.newOutputStream(file);
                CarpetWriter<Unlabelled> writer = new CarpetWriter<>(out, Unlabelled.class)) {
            writer.write(new Unlabelled(picture(0)));
        }
        assertRefused("test-0.parquet: found the columns img, expected img (a group with bytes) and label");

        table("test-0.parquet", new Row(picture(0), 1), new Row(new Img(Binary.fromString("x"), "x.png"), 1));
        assertRefused("test-0.parquet: row 1: found no picture");

        table("test-0.parquet", new Row(picture(0), 10));
        assertRefused("test-0.parquet: row 0: found the label 10");

        table("test-0.parquet", new Row(null, 1));
        assertRefused("test-0.parquet: row 0: found no picture, expected a PNG in img.bytes");
    }

    @Test
    void theLayoutMustBeUnmistakable() throws IOException {
        write(folder, "test_batch.bin", batch());
        table("test-0.parquet", new Row(picture(0), 1));
        assertRefused("found test data in several layouts");

        Path other = write(folder.resolve("other"), "pictures.zip", "");
        assertThatThrownBy(() -> open("image", other))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("name the folder when the pictures are PNG files");
        assertThatThrownBy(() -> open("image", folder.resolve("other")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("found no test pictures");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> examples("image", folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message);
    }

    /** The pictures, in grey by the luma in floating point, which fixed point meets to within one. */
    private void assertPictures(List<LabelledExample> read) {
        assertThat(read).extracting(LabelledExample::index).containsExactly(0, 1, 2);
        for (int n = 0; n < PICTURES; n++) {
            assertThat(read.get(n).label()).isEqualTo(LABELS[n]);
            byte[] grey = ((Pixels) read.get(n).input()).values();
            for (int i = 0; i < PLANE; i++) {
                double luma = 0.299 * colour(n, 0, i) + 0.587 * colour(n, 1, i) + 0.114 * colour(n, 2, i);
                assertThat(grey[i] & 0xff).isBetween((int) Math.ceil(luma - 0.51), (int) Math.floor(luma + 0.51));
            }
        }
    }

    private static byte[] colours() {
        byte[] colours = new byte[PICTURES * 3 * PLANE];
        new Random(5).nextBytes(colours);
        return colours;
    }

    private int colour(int picture, int channel, int pixel) {
        return colours[(picture * 3 + channel) * PLANE + pixel] & 0xff;
    }

    private byte[] batch() {
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        for (int n = 0; n < PICTURES; n++) {
            rows.write(LABELS[n]);
            rows.write(colours, n * 3 * PLANE, 3 * PLANE);
        }
        return rows.toByteArray();
    }

    private Img picture(int n) throws IOException {
        return new Img(Binary.fromConstantByteArray(png(n, n + 1, BufferedImage.TYPE_INT_RGB)), n + ".png");
    }

    /** Pictures from {@code from} to {@code to}, stacked. */
    private byte[] png(int from, int to, int type) throws IOException {
        BufferedImage strip = new BufferedImage(32, 32 * (to - from), type);
        for (int i = 0; i < (to - from) * PLANE; i++) {
            int n = from + i / PLANE;
            int pixel = i % PLANE;
            int rgb = colour(n, 0, pixel) << 16 | colour(n, 1, pixel) << 8 | colour(n, 2, pixel);
            strip.setRGB(i % 32, i / 32, rgb);
        }
        return png(strip);
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    private void table(String name, Row... rows) throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve(name));
                CarpetWriter<Row> writer = new CarpetWriter<>(out, Row.class)) {
            writer.write(List.of(rows));
        }
    }

    private static byte[] labels(int... labels) {
        byte[] bytes = new byte[labels.length]; // (labels)
        for (int i = 0; i < labels.length; i++) {
            bytes[i] = (byte) labels[i];
        }
        return bytes;
    }
}
