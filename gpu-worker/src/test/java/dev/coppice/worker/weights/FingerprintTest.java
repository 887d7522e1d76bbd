package dev.coppice.worker.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {

    private static final int LARGE = 40 << 20; // sampled, not read whole

    @TempDir
    Path folder;

    private Path weights;

    @BeforeEach
    void model() throws IOException {
        weights = folder.resolve("weights.safetensors");
        Files.writeString(folder.resolve("config.json"), "{\"family\":\"s5\",\"permutation\":\"order.txt\"}");
        Files.writeString(folder.resolve("order.txt"), "2 0 1");
        write("a", 2);
    }

    private void write(String name, int... shape) {
        byte[] zeros = new byte[(int) TensorSize.bytes(DType.FLOAT32, shape)];
        SafetensorsWriter.write(
                weights, Map.of(name, new HostArray(DType.FLOAT32, shape, ByteBuffer.wrap(zeros))), Map.of());
    }

    private String fingerprint() {
        return Fingerprint.of(folder, null);
    }

    private void flip(long offset) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(weights.toFile(), "rw")) {
            file.seek(offset);
            int old = file.read();
            file.seek(offset);
            file.write(old ^ 1);
        }
    }

    @Test
    void theSameFilesHaveTheSameFingerprint() throws IOException {
        String first = fingerprint();
        assertThat(first).matches("[0-9a-f]{64}").isEqualTo(fingerprint());
        Files.writeString(folder.resolve("RESULTS.json"), "{}");
        Files.writeString(folder.resolve("notes.txt"), "good");
        Files.move(weights, folder.resolve("model.safetensors"));
        assertThat(fingerprint()).as("notes and the file's name are no part").isEqualTo(first);
    }

    @Test
    void whatTheModelReadsChangesIt() throws IOException {
        String first = fingerprint();
        Files.writeString(folder.resolve("order.txt"), "0 1 2");
        String permuted = fingerprint();
        Files.writeString(folder.resolve("config.json"), "{\"family\":\"s5\",\"permutation\":\"order.txt\",\"x\":1}");
        String configured = fingerprint();
        write("b", 2);
        String renamed = fingerprint();
        write("b", 2, 1);
        String reshaped = fingerprint();
        flip(Files.size(weights) - 1);
        assertThat(new String[] {first, permuted, configured, renamed, reshaped, fingerprint()})
                .doesNotHaveDuplicates();
    }

    @Test
    void largeFilesAreSampledFromEndToEnd() throws IOException {
        write("a", LARGE / 4);
        String first = fingerprint();
        flip(Files.size(weights) - 1);
        String end = fingerprint();
        flip(8 + 4000);
        String start = fingerprint();
        long last = Files.size(weights) - 4096;
        flip(last * 31 / 63 + 17);
        String middle = fingerprint();
        write("a", LARGE / 4 + 1);
        assertThat(new String[] {first, end, start, middle, fingerprint()}).doesNotHaveDuplicates();
    }

    @Test
    void everyShardCounts() throws IOException {
        Files.move(weights, folder.resolve("one.safetensors"));
        Files.writeString(
                folder.resolve("model.safetensors.index.json"), "{\"weight_map\":{\"a\":\"one.safetensors\"}}");
        String first = fingerprint();
        weights = folder.resolve("one.safetensors");
        flip(Files.size(weights) - 1);
        assertThat(fingerprint()).isNotEqualTo(first);
    }

    @Test
    void foldersWithoutWeightsHaveNone() throws IOException {
        Files.delete(weights);
        assertThatThrownBy(this::fingerprint)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("has no weight file");
    }
}
