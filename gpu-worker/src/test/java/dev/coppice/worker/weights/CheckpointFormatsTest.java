package dev.coppice.worker.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The three formats of each fixture hold the same tensors. */
class CheckpointFormatsTest {

    static Stream<List<String>> pairs() {
        return Stream.concat(
                Fixtures.S5.stream().map(name -> List.of(name, "weights.msgpack")),
                Fixtures.S4D.stream().map(name -> List.of(name, "weights.pt")));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void formatsAgree(List<String> pair) {
        try (Checkpoint expected = Fixtures.open(pair.get(0), "weights.safetensors");
                Checkpoint actual = Fixtures.open(pair.get(0), pair.get(1))) {
            assertThat(actual.names()).containsExactlyInAnyOrderElementsOf(expected.names());
            for (String name : expected.names()) {
                assertThat(actual.info(name).dtype())
                        .isEqualTo(expected.info(name).dtype());
                assertThat(actual.info(name).shape())
                        .as(name)
                        .isEqualTo(expected.info(name).shape());
                assertThat(actual.read(name).bytes())
                        .as(name)
                        .isEqualTo(expected.read(name).bytes());
            }
        }
    }

    @Test
    void safetensorsComesFirstAndUsualNamesWin() {
        assertThat(Checkpoints.locate(Fixtures.folder("s5_pixel_pool"), null)).hasFileName("weights.safetensors");
    }

    @Test
    void severalUnusualNamesAreAQuestion(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve("a.safetensors"), new byte[0]);
        Files.write(folder.resolve("b.safetensors"), new byte[0]);
        assertThatThrownBy(() -> Checkpoints.open(folder, null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("(a.safetensors, b.safetensors)")
                .hasMessageContaining("say which with `weights`");
    }

    @Test
    void aMissingTensorIsAnsweredWithTheNearestNames() {
        try (Checkpoint checkpoint = Fixtures.open("s5_pixel_pool", "weights.safetensors")) {
            assertThatThrownBy(() -> checkpoint.read("params/encoder/layers_0/seq/Lambda_r"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("params/encoder/layers_0/seq/Lambda_re");
        }
    }

    @Test
    void weightFilesOutsideTheFolderAreRefused() {
        assertThatThrownBy(() -> Checkpoints.open(Fixtures.folder("s5_pixel_pool"), "../ties/ties.json"))
                .hasMessageContaining("is not the name of a file in this folder");
    }
}
