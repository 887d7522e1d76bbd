package dev.coppice.worker.job.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.language.AssembledModel;
import dev.coppice.worker.model.language.LoadedLanguageModel;
import dev.coppice.worker.model.language.TokenBatch;
import dev.coppice.worker.prune.Calibration;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.PruningMethod;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pruned language models as checkpoints, in every published layout: what each can hold is read again as the same model, the rest is refused. */
class PrunedLanguageFolderTest {

    private static final Path FIXTURES = Path.of("src/test/resources/fixtures/llm");
    private static final BigDecimal HALF = new BigDecimal("0.5");
    private static final long SHARD_BYTES = 1 << 20;

    private static final String NORM = "no way to say that zeroed channels do not count in the mixer's norm";
    private static final String UNEVEN = "one set of sizes for all layers, and those of layers 0 and ";
    private static final String SIZES = "no way to say these sizes of mixers. Write the pruned model with zeros";
    private static final String MIXERLESS = "no way to say that a block has no mixer";
    private static final String BIAS = "no bias behind out_proj alone";

    /** What a layout cannot hold, by model, method and size. */
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("mamba2-original headdim-magnitude SAME", NORM),
            Map.entry("mamba2-original flap SAME", NORM),
            Map.entry("mamba2-hf headdim-magnitude SAME", NORM),
            Map.entry("mamba2-hf last-mamba2 SMALLER", UNEVEN),
            Map.entry("llamba last-mamba2 SMALLER", UNEVEN),
            Map.entry("llamba headdim-magnitude SMALLER", SIZES),
            Map.entry("llamba flap SAME", BIAS),
            Map.entry("llamba flap SMALLER", BIAS),
            Map.entry("llamba shedder unit=mixer SMALLER", MIXERLESS),
            Map.entry("phi-mamba shedder unit=mixer SMALLER", MIXERLESS),
            Map.entry("smol2-mamba shedder unit=mixer SMALLER", MIXERLESS),
            Map.entry("mamba-in-llama shedder unit=mixer SMALLER", MIXERLESS),
            Map.entry("mamba-in-llama headdim-magnitude SAME", NORM),
            Map.entry("mamba1-hf last-mamba1 SMALLER", UNEVEN),
            Map.entry("mamba1-original last-mamba1 SMALLER", UNEVEN));

    @TempDir
    private Path folder;

    private static AssembledModel model(Path path) {
        return (AssembledModel) ModelFamilies.read(path, null);
    }

    private static TokenBatch tokens(AssembledModel model, int seed) {
        return TokenBatch.of(new Random(seed).ints(24, 0, model.vocabulary()).toArray());
    }

    private static float[] logits(AssembledModel model, Compute compute) {
        try (Scope scope = compute.scope()) {
            LoadedLanguageModel loaded = model.on(compute);
            return compute.download(loaded.logits(loaded.hidden(tokens(model, 3), Observer.NONE)));
        }
    }

    private static Compute compute() {
        return new CpuBackend().open(CpuBackend.NAME, 1, Precision.FLOAT32);
    }

    /** A method, with a parameter behind its name where it has one. */
    private static PruningMethod method(String label) {
        String[] parts = label.split("[ =]");
        TreeMap<String, String> params = new TreeMap<>();
        if (parts.length > 1) {
            params.put(parts[1], parts[2]);
        }
        return Methods.of(parts[0], Methods.complete(parts[0], params));
    }

    private static Mask mask(AssembledModel model, PruningMethod method, Compute compute) {
        try (Scope scope = compute.scope()) {
            Calibration calibration =
                    method.calibrated() ? new Calibration(List.of(tokens(model, 1), tokens(model, 2))) : null;
            PruningInputs inputs = PruningInputs.on(compute, calibration, 0, () -> {});
            return method.rank(model, inputs).mask(HALF, inputs);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mamba2-original, 8",
        "mamba2-hf, 7",
        "phi-mamba, 11",
        "smol2-mamba, 11",
        "llamba, 11",
        "mamba-in-llama, 8",
        "mamba1-hf, 4",
        "mamba1-original, 4"
    })
    void whatIsWrittenIsReadAgainAsTheSameModel(String name, int fitting) throws IOException {
        AssembledModel model = model(FIXTURES.resolve(name));
        int methods = 0;
        for (String label : List.of(
                "wanda",
                "dstate-magnitude",
                "dstate-mean",
                "last-mamba2",
                "last-mamba1",
                "ghost",
                "headdim-magnitude",
                "merge-mean",
                "merge-kmeans",
                "flap",
                "shedder unit=block",
                "shedder unit=mixer")) {
            PruningMethod method = method(label);
            if (method.refusal(model.config()) == null) {
                methods++;
                try (Compute compute = compute()) {
                    Mask mask = mask(model, method, compute);
                    for (Size size : Size.values()) {
                        requireHeldOrRefused(name, label, size, model, mask, compute);
                    }
                }
            }
        }
        assertThat(methods).isEqualTo(fitting);
    }

    private void requireHeldOrRefused(
            String name, String label, Size size, AssembledModel model, Mask mask, Compute compute) {
        String what = name + " " + label + " " + size;
        Path out = folder.resolve(what);
        PrunedFolder pruned = new PrunedFolder(FIXTURES.resolve(name), null, model);
        String refusal = label.equals("wanda") && size == Size.SMALLER
                ? "matrices with zeros have their shapes; leave --compact out"
                : REFUSED.get(what);
        if (refusal != null) {
            assertThatThrownBy(() -> pruned.write(mask, size, out, SHARD_BYTES, Map.of()))
                    .as(what)
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining(refusal);
            assertThat(out).doesNotExist();
            return;
        }

        pruned.write(mask, size, out, SHARD_BYTES, Map.of());

        AssembledModel expected = (AssembledModel) (size == Size.SAME ? mask.applyTo(model) : mask.compact(model));
        AssembledModel again = model(out);
        assertThat(again.config().mixers()).as(what).isEqualTo(expected.config().mixers());
        assertThat(again.parameters()).as(what).isEqualTo(expected.parameters());
        assertThat(again.stateBytes()).as(what).isEqualTo(expected.stateBytes());
        assertThat(logits(again, compute)).as(what).containsExactly(logits(expected, compute));
        if (size == Size.SAME) {
            assertThat(again.stateBytes()).as(what + ": zeros take their place").isEqualTo(model.stateBytes());
            for (String tensor : model.checkpoint().names()) {
                assertThat(again.checkpoint().info(tensor).shape())
                        .as(what + " " + tensor)
                        .isEqualTo(model.checkpoint().info(tensor).shape());
            }
        }
    }

    private static JsonNode config(Path path) throws IOException {
        return ModelFamilies.config(path);
    }

    /** The published layout's time_step_limit ends in a bare Infinity, which is none of JSON's numbers. */
    @Test
    void configsOfTransformersStayConfigsOfTransformers() throws IOException {
        Path published = FIXTURES.resolve("mamba2-hf");
        AssembledModel model = model(published);
        PrunedFolder pruned = new PrunedFolder(published, null, model);
        Path zeros = folder.resolve("zeros");
        Path compact = folder.resolve("compact");
        try (Compute compute = compute()) {
            Mask mask = mask(model, method("headdim-magnitude"), compute);
            pruned.write(mask(model, method("dstate-magnitude"), compute), Size.SAME, zeros, SHARD_BYTES, Map.of());
            pruned.write(mask, Size.SMALLER, compact, SHARD_BYTES, Map.of());
        }

        assertThat(zeros.resolve("config.json")).hasSameBinaryContentAs(published.resolve("config.json"));
        assertThat(Files.readString(compact.resolve("config.json"))).contains("[ 0.0, Infinity ]");
        JsonNode config = config(compact);
        assertThat(config.path("head_dim").asInt()).isEqualTo(2);
        assertThat(config.path("expand").asInt()).isEqualTo(1);
        assertThat(config.path("intermediate_size").asInt()).isEqualTo(24);
    }

    /** A quarter of four channels leaves an inner width of 36, which is not a multiple of the width 24. */
    @Test
    void widthsBetweenTheMultiplesOfTransformersAreRefused() throws IOException {
        Path published = FIXTURES.resolve("mamba2-hf");
        AssembledModel model = model(published);
        PruningInputs inputs = PruningInputs.seed(0);
        Mask mask = Methods.of("headdim-magnitude").rank(model, inputs).mask(new BigDecimal("0.25"), inputs);

        assertThatThrownBy(() -> new PrunedFolder(published, null, model)
                        .write(mask, Size.SMALLER, folder.resolve("out"), SHARD_BYTES, Map.of()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(
                        "12 heads of 3 channels make an inner width of 36, and the model's published layout"
                                + " has only whole multiples of hidden_size, 24");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Infinity", "{ \"__float__\": \"Infinity\" }"})
    void bothSpellingsOfNoLimitAreRead(String infinity) throws IOException {
        AssembledModel limitless = limited(infinity, "spelt");

        try (Compute compute = compute()) {
            assertThat(logits(limitless, compute))
                    .containsExactly(logits(model(FIXTURES.resolve("mamba2-hf")), compute));
        }
    }

    @Test
    void anythingElseIsNoLimit() {
        for (String wrong : List.of("\"Infinity\"", "{ \"__float__\": \"NaN\" }", "null")) {
            assertThatThrownBy(() -> limited(wrong, "wrong"))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("config.json: \"time_step_limit\" is [0.0,")
                    .hasMessageContaining("expected a list of two numbers, the second of which may be Infinity");
        }
    }

    private AssembledModel limited(String upper, String name) throws IOException {
        Path published = FIXTURES.resolve("mamba2-hf");
        Path changed = Files.createDirectories(folder.resolve(name));
        String config = Files.readString(published.resolve("config.json"));
        Files.writeString(changed.resolve("config.json"), config.replaceFirst("\\bInfinity\\b", upper));
        Files.write(changed.resolve("model.safetensors"), Files.readAllBytes(published.resolve("model.safetensors")));
        return model(changed);
    }
}
