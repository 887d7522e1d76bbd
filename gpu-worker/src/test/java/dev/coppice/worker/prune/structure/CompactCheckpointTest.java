package dev.coppice.worker.prune.structure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.LanguageConfig;
import dev.coppice.worker.model.language.MixerShape;
import dev.coppice.worker.model.layer.ConfigKeys;
import dev.coppice.worker.model.mamba2.LayerSizes;
import dev.coppice.worker.model.mamba2.Mamba2Shape;
import dev.coppice.worker.prune.LanguagePruneGolden;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.weights.ConfigJson;
import dev.coppice.worker.weights.OutgoingTensor;
import dev.coppice.worker.weights.SafetensorsWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checkpoints with the sizes of each layer, in the models' own layouts: as the reference writes them, and as we do. */
class CompactCheckpointTest {

    private static final Path FIXTURES = Path.of("src/test/resources/fixtures/llm");
    private static final BigDecimal HALF = new BigDecimal("0.5");
    private static final PruningInputs INPUTS = PruningInputs.seed(0);

    @TempDir
    Path folder;

    private AssembledModel pruned(LanguagePruneGolden golden, String method) {
        return (AssembledModel) Methods.of(method)
                .rank(golden.model(), INPUTS)
                .mask(HALF, INPUTS)
                .compact(golden.model());
    }

    private AssembledModel written(AssembledModel model, Map<String, JsonNode> files) throws IOException {
        for (Map.Entry<String, JsonNode> file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), ConfigJson.write(file.getValue()));
        }
        write(model);
        return (AssembledModel) ModelFamilies.read(folder, null);
    }

    private void write(AssembledModel model) throws IOException {
        List<OutgoingTensor> tensors = new ArrayList<>();
        for (String name : model.checkpoint().names()) {
            tensors.add(OutgoingTensor.of(name, model.checkpoint().read(name)));
        }
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
    }

    /**
     * What we write is read again as the same model. The config says what the recorded one says, in the same keys where the models' own cannot say it for all
     * layers at once.
     */
    @ParameterizedTest
    @CsvSource({
        "mamba2-original, dstate-magnitude, dstate_magnitude_50, false",
        "mamba2-original, headdim-magnitude, headdim_magnitude_50, false",
        "phi-mamba, dstate-magnitude, dstate_magnitude_50, false",
        "phi-mamba, headdim-magnitude, headdim_magnitude_50, true",
        "smol2-mamba, dstate-magnitude, dstate_magnitude_50, false",
        "smol2-mamba, headdim-magnitude, headdim_magnitude_50, true",
        "mamba-in-llama, dstate-magnitude, dstate_magnitude_50, true",
        "mamba-in-llama, headdim-magnitude, headdim_magnitude_50, true",
    })
    void whatIsWrittenIsReadAgain(String name, String method, String recorded, boolean sameKeys) throws IOException {
        LanguagePruneGolden golden = LanguagePruneGolden.of(name);
        AssembledModel pruned = pruned(golden, method);
        Map<String, JsonNode> files = pruned.config().files();

        AssembledModel again = written(pruned, files);

        golden.requireLogits(again, recorded);
        assertThat(again.config().mixers()).isEqualTo(pruned.config().mixers());
        JsonNode expected = golden.facts(recorded).path("pruned_config");
        String file = name.equals("mamba-in-llama") ? "mamba_config.json" : "config.json";
        assertThat(expected.equals(files.get(file))).isEqualTo(sameKeys);
        Files.writeString(folder.resolve(file), ConfigJson.write(expected));
        assertThat(((LanguageConfig) ModelFamilies.describe(folder).config()).mixers())
                .isEqualTo(pruned.config().mixers());
    }

    /** The lists of layers that differ, in the keys of the reference's code. */
    @ParameterizedTest
    @CsvSource({"dstate-magnitude, dstate_magnitude_50", "headdim-magnitude, headdim_magnitude_50"})
    void listsAreThoseOfTheReference(String method, String recorded) throws IOException {
        LanguagePruneGolden golden = LanguagePruneGolden.of("mamba2-original");
        Path original = FIXTURES.resolve("mamba2-original");
        ObjectNode written = (ObjectNode) ModelFamilies.config(original);

        new LayerSizes(new ConfigKeys(original, written), LayerSizes.Form.LIST)
                .write(written, pruned(golden, method).config().mixers());

        assertThat(written).isEqualTo(golden.facts(recorded).path("pruned_config"));
    }

    /** State-spaces' own code knows d_state, headdim and expand of all layers. */
    @Test
    void layersThatAreAlikeAreSaidInTheKeysOfStateSpaces() {
        LanguagePruneGolden golden = LanguagePruneGolden.of("mamba2-original");
        JsonNode states = requireNonNull(
                pruned(golden, "dstate-magnitude").config().files().get("config.json"));
        JsonNode channels = requireNonNull(
                pruned(golden, "headdim-magnitude").config().files().get("config.json"));

        assertThat(states.has("d_state_list")).isFalse();
        assertThat(states.path("ssm_cfg").path("d_state").asInt()).isEqualTo(8);
        assertThat(channels.path("ssm_cfg").path("headdim").asInt()).isEqualTo(4);
        assertThat(channels.path("ssm_cfg").path("expand").asInt()).isEqualTo(1);
    }

    /** A config as the reference's code writes it. */
    @ParameterizedTest
    @CsvSource({
        "mamba2-original, dstate-magnitude, dstate_magnitude_50",
        "mamba2-original, headdim-magnitude, headdim_magnitude_50",
        "phi-mamba, dstate-magnitude, dstate_magnitude_50",
        "phi-mamba, headdim-magnitude, headdim_magnitude_50",
    })
    void theReferencesConfigsAreRead(String name, String method, String recorded) throws IOException {
        LanguagePruneGolden golden = LanguagePruneGolden.of(name);
        Files.copy(
                FIXTURES.resolve(name).resolve("prune/ckpt_" + recorded).resolve("config.json"),
                folder.resolve("config.json"));
        write(pruned(golden, method));

        golden.requireLogits((AssembledModel) ModelFamilies.read(folder, null), recorded);
    }

    @Test
    void anUnprunedModelIsDescribedAsItWas() throws IOException {
        for (String name : LanguagePruneGolden.MODELS) {
            AssembledModel model = LanguagePruneGolden.of(name).model();
            Map<String, JsonNode> files = model.config().files();
            for (Map.Entry<String, JsonNode> file : files.entrySet()) {
                Path original = FIXTURES.resolve(name).resolve(file.getKey());
                assertThat(file.getValue()).isEqualTo(new ObjectMapper().readTree(original.toFile()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"mamba2-hf", "llamba", "mamba1-hf", "mamba1-original"})
    void layoutsWithOneSizeSayAnotherNumberOfStates(String name) throws IOException {
        AssembledModel model = (AssembledModel) ModelFamilies.read(FIXTURES.resolve(name), null);
        AssembledModel pruned = (AssembledModel) Methods.of("dstate-magnitude")
                .rank(model, INPUTS)
                .mask(HALF, INPUTS)
                .compact(model);

        AssembledModel again = written(pruned, pruned.config().files());

        assertThat(again.config().mixers()).isEqualTo(pruned.config().mixers());
        assertThat(again.parameters()).isEqualTo(pruned.parameters()).isLessThan(model.parameters());
    }

    @Test
    void layoutsWithOneSizeRefuseOthers() {
        AssembledModel model = (AssembledModel) ModelFamilies.read(FIXTURES.resolve("mamba2-hf"), null);
        List<MixerShape> mixers = new ArrayList<>(model.config().mixers());
        Mamba2Shape shape = (Mamba2Shape) mixers.get(0);
        mixers.set(1, shape.withStates(3));

        assertThatThrownBy(() -> model.config().withMixers(mixers).files())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("one set of sizes for all layers, and those of layers 0 and 1 differ");

        mixers.replaceAll(mixer -> shape.withGroups(1));
        assertThatThrownBy(() -> model.config().withMixers(mixers).files())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("no way to say these sizes of mixers");
    }
}
