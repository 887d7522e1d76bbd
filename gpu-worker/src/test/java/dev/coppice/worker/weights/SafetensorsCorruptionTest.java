package dev.coppice.worker.weights;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files end in a CheckpointException that says what is wrong. */
class SafetensorsCorruptionTest {

    @TempDir
    Path folder;

    private Path write(String header, int dataBytes) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        return Files.write(folder.resolve("weights.safetensors"), file.array());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 4 | the file is cut off",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}} | 8 | need 12",
                "{\"a\":{\"dtype\":\"F31\",\"shape\":[2],\"data_offsets\":[0,8]}} | 8 | unknown dtype",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | 8 | impossible shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647],\"data_offsets\":[0,8]}} | 8 | need",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}} | 8 | data_offsets",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}} | 12 | overlaps a",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | 8 | leaves a hole",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 8 | follow after the last tensor",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}} | 4 | impossible shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} x | 4 | no valid JSON",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}} | 0 | Duplicate field 'a'",
                "{\"a\":1} | 0 | tensor a is not described by an object",
                "{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}} | 4 | tensor a has no dtype",
                "[1,2] | 0 | no JSON object",
                "{\"a\": | 0 | no valid JSON",
                "{\"a\":[[[[[[[[[[[[1]]]]]]]]]]]]} | 0 | no valid JSON",
            })
    void wrongHeaders(String header, int dataBytes, String message) throws IOException {
        Path file = write(header, dataBytes);
        assertThatThrownBy(() -> Checkpoints.open(file, null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(file.toString());
    }

    @Test
    void headersThatAreNoText() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(11).order(ByteOrder.LITTLE_ENDIAN);
        Path file = Files.write(
                folder.resolve("weights.safetensors"),
                bytes.putLong(3).put(new byte[] {'{', (byte) 0xc3, '}'}).array());
        assertThatThrownBy(() -> Checkpoints.open(file, null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("the header is no valid JSON");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 100_000_001L, Long.MAX_VALUE, -1})
    void impossibleHeaderLengths(long length) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        Path file = Files.write(folder.resolve("weights.safetensors"), bytes.array());
        assertThatThrownBy(() -> Checkpoints.open(file, null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("header length");
    }

    @Test
    void filesCutAnywhere() throws IOException {
        for (String name : new String[] {"weights.safetensors", "weights.msgpack"}) {
            cutAnywhere(Fixtures.folder("s5_pixel_pool").resolve(name));
        }
        cutAnywhere(Fixtures.folder("s4d_standalone_postnorm").resolve("weights.pt"));
    }

    private void cutAnywhere(Path whole) throws IOException {
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = folder.resolve(whole.getFileName());
        for (int length = 0; length < bytes.length; length += 1 + length / 3) {
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> Checkpoints.open(cut, null))
                    .as("%s cut to %d bytes", whole.getFileName(), length)
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(cut.toString());
        }
    }
}
