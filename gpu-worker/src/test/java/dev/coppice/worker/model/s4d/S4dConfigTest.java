package dev.coppice.worker.model.s4d;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.layer.Discretization;
import dev.coppice.worker.model.layer.InputLayer;
import dev.coppice.worker.model.layer.NormKind;
import dev.coppice.worker.weights.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S4dConfigTest {

    static ObjectNode json(String name) {
        try {
            return (ObjectNode) new ObjectMapper()
                    .readTree(Fixtures.folder(name).resolve("config.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode full() {
        return json("s4d_full_bi_zoh");
    }

    private static ObjectNode standalone() {
        return json("s4d_standalone_prenorm");
    }

    private static ModelConfig read(ObjectNode json) {
        return new S4dFamily().config(Path.of("models/m"), json);
    }

    @Test
    void readsTheFullVariant() {
        S4dConfig config = (S4dConfig) read(full());

        assertThat(config)
                .extracting(
                        S4dConfig::variant,
                        S4dConfig::inputLayer,
                        S4dConfig::inputs,
                        S4dConfig::channels,
                        S4dConfig::layers,
                        S4dConfig::classes,
                        S4dConfig::perChannel,
                        S4dConfig::poleRows,
                        S4dConfig::directions,
                        S4dConfig::stepTransform,
                        S4dConfig::discretization,
                        S4dConfig::norm,
                        S4dConfig::normEpsilon,
                        S4dConfig::prenorm,
                        S4dConfig::masked,
                        S4dConfig::steps)
                .containsExactly(
                        S4dVariant.FULL,
                        InputLayer.TOKENS_EMBEDDING,
                        15,
                        12,
                        2,
                        6,
                        4,
                        1,
                        2,
                        StepTransform.SOFTPLUS,
                        Discretization.ZOH,
                        NormKind.BATCH,
                        1e-5,
                        true,
                        true,
                        55);
        assertThat(config.architecture()).isEqualTo("s4d");
    }

    @Test
    void standaloneChannelsShareNoPoles() {
        assertThat(((S4dConfig) read(standalone())).poleRows()).isEqualTo(12);
    }

    @Test
    void recognisesItsFamilyOnly() {
        assertThat(new S4dFamily().recognises(Path.of(""), full())).isTrue();
        assertThat(new S4dFamily().recognises(Path.of(""), full().put("family", "s5")))
                .isFalse();
        assertThat(new S4dFamily().recognises(Path.of(""), full().<ObjectNode>without("family")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "variant, half, 'one of standalone, full'",
        "input_kind, tokens_onehot, tokens_embedding or continuous",
        "gelu, tanh, expected erf",
        "head, retrieval, expected classification",
        "pooling, last, expected mean",
        "discretization, euler, 'one of zoh, bilinear'",
        "dt_transform, relu, 'one of exp, softplus'"
    })
    void refusesWhatNoModelDoes(String key, String value, String reason) {
        assertThatThrownBy(() -> read(full().put(key, value)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("config.json: \"" + key + "\" is \"" + value + "\"")
                .hasMessageContaining(reason);
    }

    @Test
    void refusesAnotherRate() {
        assertThat(read(full().put("step_rescale", 1))).isInstanceOf(S4dConfig.class);
        assertThatThrownBy(() -> read(full().put("step_rescale", 2)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("\"step_rescale\" is 2, expected 1: only S5's steps can be rescaled");
    }

    @Test
    void refusesStatesAndRowsThatDoNotAddUp() {
        assertThatThrownBy(() -> read(full().put("states_per_channel_stored", 3)))
                .hasMessageContaining("\"states_per_channel_stored\" is 3, expected half of d_state (8)");
        assertThatThrownBy(() -> read(full().put("n_ssm", 5)))
                .hasMessageContaining("\"n_ssm\" is 5, expected a divisor of d_model (12)");
        assertThatThrownBy(() -> read((ObjectNode) full().without("n_ssm")))
                .hasMessageContaining("\"n_ssm\" is missing");
    }

    @Test
    void refusesWhatTheStandaloneVariantHasNot() {
        assertThatThrownBy(() -> read(standalone().put("bidirectional", true)))
                .hasMessageContaining("\"bidirectional\" is true, expected false with the variant standalone");
        assertThatThrownBy(() -> read(standalone().put("norm", "batch"))).hasMessageContaining("expected layer");
        assertThatThrownBy(() -> read(standalone().put("padded", true))).hasMessageContaining("expected false");
        assertThatThrownBy(() -> read(standalone().put("n_ssm", 3))).hasMessageContaining("expected null");
    }

    @Test
    void saysWhichTasksDoNotFit() {
        ModelConfig config = read(full());

        assertThat(config.refusal(InputSpec.LANGUAGE))
                .isEqualTo("the model classifies sequences, the task scores the tokens of texts");
        assertThat(config.refusal(new InputSpec(InputKind.TOKEN_IDS, 0, 0, false, false, 6)))
                .isNull();
        assertThat(config.refusal(new InputSpec(InputKind.TOKEN_IDS, 0, 0, false, false, 2)))
                .isEqualTo("the model has 6 classes, the task 2");
        assertThat(config.refusal(new InputSpec(InputKind.TOKEN_IDS, 0, 0, false, true, 6)))
                .contains("pairs");
        assertThat(config.refusal(new InputSpec(InputKind.SYMBOLS, 0, 0, false, false, 6)))
                .contains("no vocab");
    }
}
