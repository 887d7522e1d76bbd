package dev.coppice.worker.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.worker.model.ModelException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigKeysTest {

    private static ConfigKeys keys(String json) throws JsonProcessingException {
        return new ConfigKeys(Path.of("models/m"), new ObjectMapper().readTree(json));
    }

    @Test
    void readsEachKind() throws JsonProcessingException {
        ConfigKeys keys = keys(
                "{\"d_model\": 64, \"norm_eps\": 1e-5, \"prenorm\": true, \"pooling\": \"last\", \"n_ssm\": null}");

        assertThat(keys.positive("d_model")).isEqualTo(64);
        assertThat(keys.number("norm_eps")).isEqualTo(1e-5);
        assertThat(keys.flag("prenorm")).isTrue();
        assertThat(keys.choice("pooling", Pooling.class)).isEqualTo(Pooling.LAST);
        assertThat(keys.has("n_ssm")).isFalse();
        assertThat(keys.has("d_model")).isTrue();
    }

    @Test
    void namesFileAndKeyOfWhatIsMissing() {
        assertThatThrownBy(() -> keys("{\"d_model\": null}").positive("d_model"))
                .isInstanceOf(ModelException.class)
                .hasMessage(Path.of("models/m/config.json") + ": the key \"d_model\" is missing");
    }

    @Test
    void namesFileKeyValueAndChoicesOfWhatIsWrong() {
        assertThatThrownBy(() -> keys("{\"norm\": \"group\"}").choice("norm", NormKind.class))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("config.json: \"norm\" is \"group\", expected one of batch, layer");
        assertThatThrownBy(() -> keys("{\"d_model\": 0}").positive("d_model"))
                .hasMessageContaining("\"d_model\" is 0, expected a whole number of at least 1");
        assertThatThrownBy(() -> keys("{\"d_model\": 1.5}").positive("d_model"))
                .hasMessageContaining("\"d_model\" is 1.5");
        assertThatThrownBy(() -> keys("{\"prenorm\": 1}").flag("prenorm")).hasMessageContaining("true or false");
        assertThatThrownBy(() -> keys("{\"norm_eps\": \"small\"}").number("norm_eps"))
                .hasMessageContaining("\"norm_eps\" is \"small\", expected a number");
    }
}
