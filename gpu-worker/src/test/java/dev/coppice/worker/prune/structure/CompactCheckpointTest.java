package dev.coppice.worker.prune.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.MixerShape;
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

    /** What we write is read again as the same model, and the config is the recorded one where there is a recording. */
    @ParameterizedTest
    @CsvSource({
        "mamba2-original, dstate-magnitude, dstate_magnitude_50",
        "mamba2-original, headdim-magnitude, headdim_magnitude_50",
        "phi-mamba, dstate-magnitude, dstate_magnitude_50",
        "phi-mamba, headdim-magnitude, headdim_magnitude_50",
        "smol2-mamba, dstate-magnitude, dstate_magnitude_50",
        "smol2-mamba, headdim-magnitude, headdim_magnitude_50",
        "mamba-in-llama, dstate-magnitude, dstate_magnitude_50",
        "mamba-in-llama, headdim-magnitude, headdim_magnitude_50",
    })
    void whatIsWrittenIsReadAgain(String name, String method, String recorded) throws IOException {
        LanguagePruneGolden golden = LanguagePruneGolden.of(name);
        AssembledModel pruned = pruned(golden, method);
        Map<String, JsonNode> files = pruned.config().files();

        AssembledModel again = written(pruned, files);

        golden.requireLogits(again, recorded);
        assertThat(again.config().mixers()).isEqualTo(pruned.config().mixers());
        JsonNode expected = golden.facts(recorded).path("pruned_config");
        JsonNode actual = files.get(name.equals("mamba-in-llama") ? "mamba_config.json" : "config.json");
        assertThat(actual).isEqualTo(expected);
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
