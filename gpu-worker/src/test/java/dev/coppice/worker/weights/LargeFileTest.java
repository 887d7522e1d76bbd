package dev.coppice.worker.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files over 2 GiB, made of holes so that they take no room. */
class LargeFileTest {

    private static final long HALF = 1_500_000_000L;

    @TempDir
    Path folder;

    private Path sparse(String header, long dataBytes) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Path path = folder.resolve("large.safetensors");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(json.length)
                    .array());
            file.write(json);
            file.setLength(8 + json.length + dataBytes);
            file.seek(8 + json.length + dataBytes - 4);
            file.writeInt(Integer.reverseBytes(Float.floatToIntBits(2.5f)));
        }
        return path;
    }

    @Test
    void tensorsBehindTheFirstTwoGibibytesAreRead() throws IOException {
        long end = 2 * HALF + 4;
        Path file = sparse(
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[" + HALF + "],\"data_offsets\":[0," + HALF + "]},"
                        + "\"b\":{\"dtype\":\"U8\",\"shape\":[" + HALF + "],\"data_offsets\":[" + HALF + "," + 2 * HALF
                        + "]},\"c\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[" + 2 * HALF + "," + end + "]}}",
                end);
        try (Checkpoint checkpoint = Checkpoints.open(file, null)) {
            assertThat(checkpoint.read("c").toFloats()).containsExactly(2.5f);
            assertThat(checkpoint.read("b").bytes().remaining()).isEqualTo((int) HALF);
        }
        assertThat(Fingerprint.of(file, null)).hasSize(64);
    }

    @Test
    void aTensorOverTwoGibibytesIsRefused() throws IOException {
        Path file = sparse(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2," + HALF / 4 + "],\"data_offsets\":[0," + 2 * HALF + "]}}",
                2 * HALF);
        try (Checkpoint checkpoint = Checkpoints.open(file, null)) {
            assertThatThrownBy(() -> checkpoint.read("a"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("3000000000 bytes is over the 2 GiB");
        }
    }
}
