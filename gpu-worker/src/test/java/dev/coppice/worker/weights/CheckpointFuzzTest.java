package dev.coppice.worker.weights;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a file holds, only a CheckpointException comes out of reading it, soon and in the test's small heap. */
class CheckpointFuzzTest {

    private static final int ROUNDS = 1000;

    @TempDir
    Path folder;

    /** Random bytes behind a beginning that leads the reader on. */
    @ParameterizedTest(name = "{0} with seed {1}")
    @CsvSource({"a.safetensors, 1", "a.safetensors.index.json, 2", "a.msgpack, 3", "a.pt, 4"})
    void randomBytes(String name, long seed) {
        Random random = new Random(seed);
        assertTimeoutPreemptively(ofSeconds(60), () -> {
            for (int round = 0; round < ROUNDS; round++) {
                byte[] content = new byte[random.nextInt(300)];
                random.nextBytes(content);
                assertOnlyCheckpointExceptions(write(name, content));
            }
        });
    }

    private Path write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        if (name.endsWith(".safetensors")) {
            byte[] json = new byte[content.length];
            String letters = "{}[]:,\"01e-.dtypeF32shapea_offsets ";
            for (int i = 0; i < json.length; i++) {
                json[i] = (byte) letters.charAt((content[i] & 0xff) % letters.length());
            }
            ByteBuffer bytes = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
            return Files.write(file, bytes.putLong(json.length).put(json).array());
        }
        if (name.endsWith(".pt")) {
            return TorchFiles.write(file, ZipEntry.STORED, pickle(content), Map.of("0", TorchFiles.counting(6)));
        }
        return Files.write(file, content);
    }

    /** Instructions that mean something, around a tensor. */
    private static byte[] pickle(byte[] content) {
        String operations = "(012NtladesuqhQRb})]KX";
        PickleBytes pickle = new PickleBytes()
                .op('}')
                .text("a")
                .tensor("FloatStorage", "0", 0, new int[] {2, 3}, new int[] {3, 1})
                .op('s');
        for (byte b : content) {
            pickle.op((b & 1) == 0 ? operations.charAt((b & 0xff) % operations.length()) : b & 0xff);
        }
        return pickle.bytes();
    }

    /** Files of the fixtures with some bytes replaced, one half of the damage near the start where the structure is. */
    @ParameterizedTest(name = "{0}/{1} with seed {2}")
    @CsvSource({
        "s5_pixel_pool, weights.safetensors, 5",
        "s5_pixel_pool, weights.msgpack, 6",
        "s4d_standalone_postnorm, weights.pt, 7"
    })
    void randomDamage(String fixture, String name, long seed) throws IOException {
        byte[] whole = Files.readAllBytes(Fixtures.folder(fixture).resolve(name));
        Random random = new Random(seed);
        Path damaged = folder.resolve(name);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] copy = whole.clone();
            for (int i = 0; i < 1 + round % 8; i++) {
                copy[random.nextInt(round % 2 == 0 ? Math.min(3000, copy.length) : copy.length)] =
                        (byte) random.nextInt();
            }
            Files.write(damaged, copy);
            refused += assertOnlyCheckpointExceptions(damaged) ? 0 : 1;
        }
        assertThat(refused).isBetween(ROUNDS / 10, ROUNDS - 1);
    }

    /** Whether the file could be read; any other exception fails the test. */
    private static boolean assertOnlyCheckpointExceptions(Path file) {
        try (Checkpoint checkpoint = Checkpoints.open(file, null)) {
            checkpoint.names().forEach(checkpoint::read);
            return true;
        } catch (CheckpointException e) {
            assertThat(e).hasMessageContaining(file.toString());
            return false;
        }
    }
}
