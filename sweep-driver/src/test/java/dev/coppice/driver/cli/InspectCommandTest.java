package dev.coppice.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.driver.Shipped;
import dev.coppice.worker.weights.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InspectCommandTest {

    private static final Path MODELS = Shipped.data("checkpoints");

    /** Counts worked out from the configs: P states a layer in S5, H n in S4D. */
    @ParameterizedTest
    @CsvSource({"s5-smnist, s5, 4, 32", "s5-listops, s5, 8, 8", "s4d-smnist, s4d, 4, 2048"})
    void statesAndTensorsAreListed(String name, String architecture, int layers, int states) throws IOException {
        Path model = MODELS.resolve(name);
        Run run = Run.of("inspect", model.toString(), "--json");
        assertThat(run.exitCode()).as(run.toString()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.path("architecture").asText()).isEqualTo(architecture);
        assertThat(json.path("fingerprint").asText()).isEqualTo(Fingerprint.of(model, null));
        assertThat(json.path("layers")).hasSize(layers);
        assertThat(json.path("prunable_states").asInt()).isEqualTo(layers * states);
        for (JsonNode layer : json.path("layers")) {
            assertThat(layer.path("states").asInt()).isEqualTo(states);
            assertThat(layer.path("lambda_bar_abs_min").asDouble()).isBetween(0.0, 1.1);
            assertThat(layer.path("lambda_bar_abs_max").asDouble())
                    .isBetween(layer.path("lambda_bar_abs_min").asDouble(), 1.1);
            assertThat(layer.path("unstable").asInt() > 0)
                    .isEqualTo(layer.path("lambda_bar_abs_max").asDouble() >= 1);
        }
        long elements = 0;
        for (JsonNode tensor : json.path("tensors")) {
            long product = 1;
            for (JsonNode axis : tensor.path("shape")) {
                product *= axis.asLong();
            }
            elements += tensor.path("name").asText().startsWith("batch_stats/") ? 0 : product;
        }
        assertThat(json.path("parameters").asLong()).isEqualTo(elements);
        assertThat(json.path("config").path("family").asText()).isEqualTo(architecture);
    }

    /** Counted by hand from the config: width 256, 4 layers, 8 heads of 64, 64 states, 4 taps. */
    @Test
    void aLanguageModelsShapesAndPrunableWeightsAreListed() throws IOException {
        Run run = Run.of("inspect", MODELS.resolve("mamba2-tiny").toString(), "--json");
        assertThat(run.exitCode()).as(run.toString()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        int convolved = 512 + 2 * 64;
        int projected = 512 + convolved + 8;
        assertThat(json.path("architecture").asText()).isEqualTo("mamba2");
        assertThat(json.path("state_bytes").asLong()).isEqualTo(4 * 4 * (512 * 64 + convolved * 4));
        JsonNode language = json.path("language");
        assertThat(language.path("vocabulary").asInt()).isEqualTo(4096);
        assertThat(language.path("width").asInt()).isEqualTo(256);
        assertThat(language.path("layers").asInt()).isEqualTo(4);
        assertThat(language.path("tied_embeddings").asBoolean()).isTrue();
        assertThat(language.path("context_limit").isNull()).isTrue();
        assertThat(language.path("prunable_weights").asLong()).isEqualTo(4 * 256 * (projected + 512));
        assertThat(language.path("prunable_matrices").path(0).path("role").asText())
                .isEqualTo("mixer_in");
        assertThat(language.path("prunable_matrices").path(1).path("weights").asLong())
                .isEqualTo(4 * 256 * 512);
        assertThat(json.path("config").path("ssm_cfg").path("d_state").asInt()).isEqualTo(64);
        assertThat(json.path("tensors").size()).isEqualTo(4 * 9 + 2);
        assertThat(Run.of("inspect", MODELS.resolve("mamba2-tiny").toString()).out())
                .containsPattern("vocabulary +4,096 rows, tied to the head")
                .containsPattern("mixer_out +4 +524,288");
    }

    /** As the time_step_limit of transformers' Mamba-2 has it. */
    @Test
    void aConfigWithABareInfinityIsShown(@TempDir Path folder) throws IOException {
        Path model = MODELS.resolve("mamba2-tiny");
        Files.copy(model.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        String config = Files.readString(model.resolve("config.json"));
        Files.writeString(
                folder.resolve("config.json"), config.replaceFirst("\\{", "{\"time_step_limit\": [0.0, Infinity],"));

        Run run = Run.of("inspect", folder.toString(), "--json");

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(new ObjectMapper()
                        .readTree(run.out())
                        .path("config")
                        .path("time_step_limit")
                        .path(1)
                        .asText())
                .isEqualTo("Infinity");
    }

    @Test
    void thePageReadsWell() {
        Run run = Run.of("inspect", MODELS.resolve("s5-listops").toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsPattern("architecture +s5")
                .containsPattern("prunable states: 64")
                .containsPattern("params/encoder/layers_0/seq/Lambda_re +float32 +\\[8\\] +8");
    }

    @Test
    void aFolderThatIsNoModelIsExplained() {
        Run run = Run.of("inspect", MODELS.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("config.json: there is no such file");
    }
}
