package dev.coppice.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.driver.Shipped;
import dev.coppice.worker.weights.Fingerprint;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
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
