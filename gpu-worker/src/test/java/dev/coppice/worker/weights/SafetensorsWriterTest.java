package dev.coppice.worker.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

    @TempDir
    Path folder;

    private static HostArray random(DType dtype, Random random, int... shape) {
        byte[] bytes = new byte[(int) TensorSize.bytes(dtype, shape)];
        random.nextBytes(bytes);
        return new HostArray(dtype, shape, ByteBuffer.wrap(bytes));
    }

    @Test
    void whatIsWrittenIsReadBackInEveryTypeSeed1() throws IOException {
        Random random = new Random(1);
        Map<String, HostArray> tensors = new LinkedHashMap<>();
        for (DType dtype : DType.values()) {
            tensors.put("a/" + dtype, random(dtype, random, 3, 5));
        }
        tensors.put("scalar", random(DType.FLOAT32, random));
        tensors.put("empty", random(DType.INT8, random, 4, 0));
        tensors.put("quoted \"name\" é", random(DType.UINT8, random, 7));
        Path file = folder.resolve("out.safetensors");
        SafetensorsWriter.write(file, tensors, Map.of("method", "last"));

        long headerBytes = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        assertThat(headerBytes % 8).isZero();
        try (Checkpoint checkpoint = Checkpoints.open(file, null)) {
            assertThat(checkpoint.names()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
            tensors.forEach((name, array) -> {
                assertThat(checkpoint.info(name).dtype()).isEqualTo(array.dtype());
                assertThat(checkpoint.info(name).shape()).isEqualTo(array.shape());
                assertThat(checkpoint.read(name).bytes()).as(name).isEqualTo(array.bytes());
            });
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFixtureSurvivesTheRoundTrip() {
        Path file = folder.resolve("weights.safetensors");
        try (Checkpoint original = Fixtures.open("s5_retrieval", "weights.safetensors")) {
            Map<String, HostArray> tensors = new LinkedHashMap<>();
            original.names().forEach(name -> tensors.put(name, original.read(name)));
            SafetensorsWriter.write(file, tensors, Map.of());
            try (Checkpoint copy = Checkpoints.open(file, null)) {
                assertThat(copy.names()).containsExactlyInAnyOrderElementsOf(original.names());
                tensors.forEach((name, array) ->
                        assertThat(copy.read(name).bytes()).as(name).isEqualTo(array.bytes()));
            }
        }
    }

    @Test
    void whatCannotBeWrittenLeavesNothingBehind() throws IOException {
        Path taken = Files.createDirectory(folder.resolve("taken.safetensors"));
        Files.createFile(taken.resolve("inside"));
        Map<String, HostArray> tensors = Map.of("a", HostArray.ofFloats(new float[] {1, 2}, 2));
        assertThatThrownBy(() -> SafetensorsWriter.write(taken, tensors, Map.of()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("taken.safetensors: cannot be written");
        assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("no/such/folder"), tensors, Map.of()))
                .isInstanceOf(CheckpointException.class);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(taken);
        }
    }

    @Test
    void arraysThatDoNotFitTheirShapeAreRefused() {
        HostArray wrong = new HostArray(DType.FLOAT32, new int[] {3}, ByteBuffer.allocate(8));
        assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("a.safetensors"), Map.of("a", wrong), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a has 8 bytes where its shape and dtype need 12");
    }
}
