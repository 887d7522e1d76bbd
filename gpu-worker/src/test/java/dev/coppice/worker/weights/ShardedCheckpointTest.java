package dev.coppice.worker.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.HostArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardedCheckpointTest {

    private static final String ONE = "model-00001-of-00002.safetensors";
    private static final String TWO = "model-00002-of-00002.safetensors";

    @TempDir
    Path folder;

    @BeforeEach
    void shards() {
        SafetensorsWriter.write(folder.resolve(ONE), Map.of("a", HostArray.ofFloats(new float[] {1, 2}, 2)), Map.of());
        SafetensorsWriter.write(folder.resolve(TWO), Map.of("b", HostArray.ofFloats(new float[] {3}, 1, 1)), Map.of());
    }

    private void index(String json) throws IOException {
        Files.writeString(folder.resolve("model.safetensors.index.json"), json);
    }

    @Test
    void theIndexJoinsItsShards() throws IOException {
        index("{\"metadata\":{},\"weight_map\":{\"a\":\"" + ONE + "\",\"b\":\"" + TWO + "\"}}");
        try (Checkpoint checkpoint = Checkpoints.open(folder, null)) {
            assertThat(checkpoint.names()).containsExactly("a", "b");
            assertThat(checkpoint.read("a").toFloats()).containsExactly(1, 2);
            assertThat(checkpoint.info("b").shape()).containsExactly(1, 1);
            assertThatThrownBy(() -> checkpoint.read("c")).hasMessageContaining("there is no tensor c");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"weight_map\":{\"a\":\"../" + ONE
                        + "\"}} | is not the name of a safetensors file in the same folder",
                "{\"weight_map\":{\"a\":\"/etc/passwd\"}} | is not the name of a safetensors file in the same folder",
                "{\"weight_map\":{\"a\":\"x\\u0000.safetensors\"}} | is not the name of a safetensors file",
                "{\"weight_map\":{\"a\":\"model.pt\"}} | is not the name of a safetensors file in the same folder",
                "{\"weight_map\":{\"a\":7}} | is not the name of a safetensors file in the same folder",
                "{\"weight_map\":{\"a\":\"gone.safetensors\"}} | gone.safetensors: there is no such file",
                "{\"weight_map\":{\"b\":\"" + ONE + "\"}} | tensor b is said to be in " + ONE,
                "{\"weight_map\":{}} | has no weight_map",
                "{} | has no weight_map",
                "[ | is no readable JSON",
            })
    void wrongIndexes(String json, String message) throws IOException {
        index(json);
        assertThatThrownBy(() -> Checkpoints.open(folder, null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(message);
    }
}
