package dev.coppice.worker.job.synthesis;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.Scope;
import dev.coppice.worker.compute.Tensor;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.model.language.LoadedLanguageModel;
import dev.coppice.worker.model.language.TokenBatch;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.CheckpointException;
import dev.coppice.worker.weights.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made from a published checkpoint's config is a checkpoint like it. */
class SynthesisTest {

    private static final Path FIXTURES = Path.of("src/test/resources/fixtures/llm");
    private static final long ONE_FILE = Long.MAX_VALUE;

    @TempDir
    private Path folder = Path.of("");

    private Path made(String family, DType dtype, long seed, long shardBytes) {
        Path out = folder.resolve(family + "-" + dtype + "-" + seed + "-" + shardBytes);
        Synthesis.write(FIXTURES.resolve(family), out, dtype, seed, shardBytes);
        return out;
    }

    private static Map<String, String> shapes(Path model) {
        Map<String, String> shapes = new TreeMap<>();
        try (Checkpoint checkpoint = Checkpoints.open(model, null)) {
            checkpoint
                    .names()
                    .forEach(name -> shapes.put(
                            name, Arrays.toString(checkpoint.info(name).shape())));
        }
        return shapes;
    }

    private static Map<String, float[]> values(Path model) {
        Map<String, float[]> values = new TreeMap<>();
        try (Checkpoint checkpoint = Checkpoints.open(model, null)) {
            checkpoint
                    .names()
                    .forEach(name -> values.put(name, checkpoint.read(name).toFloats()));
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mamba2-original",
                "mamba2-hf",
                "mamba1-hf",
                "mamba1-original",
                "phi-mamba",
                "smol2-mamba",
                "mamba-in-llama",
                "llamba"
            })
    void everyFamilyHasThePublishedTensorsAndFiniteLogits(String family) {
        Path out = made(family, DType.FLOAT32, 3, ONE_FILE);
        Map<String, String> published = shapes(FIXTURES.resolve(family));
        if (family.endsWith("-original")) {
            published.remove("lm_head.weight"); // torch stores the tied embedding under both names
        }
        assertThat(shapes(out)).isEqualTo(published);
        LanguageModel model = (LanguageModel) ModelFamilies.read(out, null);
        try (Compute compute = new CpuBackend().open(CpuBackend.NAME, 1, Precision.FLOAT32);
                Scope scope = compute.scope()) {
            LoadedLanguageModel loaded = model.on(compute);
            Tensor hidden = loaded.hidden(TokenBatch.of(new int[] {5, 17, 2, 80, 41}), Observer.NONE);
            for (float logit : compute.download(loaded.logits(hidden))) {
                assertThat(logit).isFinite();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "BFLOAT16", "FLOAT16"})
    void sameSeedSameBytesInEveryType(DType dtype) throws IOException {
        byte[] first = Files.readAllBytes(made("mamba2-hf", dtype, 7, ONE_FILE).resolve("model.safetensors"));
        Path again = folder.resolve("again");
        Synthesis.write(FIXTURES.resolve("mamba2-hf"), again, dtype, 7, ONE_FILE);
        assertThat(again.resolve("model.safetensors")).hasBinaryContent(first);
        assertThat(made("mamba2-hf", dtype, 8, ONE_FILE).resolve("model.safetensors"))
                .satisfies(other -> assertThat(Files.readAllBytes(other)).isNotEqualTo(first));
    }

    @Test
    void shardsHoldTheSameNumbersAsOneFile() throws IOException {
        Path sharded = made("mamba-in-llama", DType.FLOAT32, 7, 20_000);
        assertThat(sharded.resolve("mamba_config.json")).exists();
        assertThat(sharded.resolve("model.safetensors")).doesNotExist();
        List<Path> shards;
        try (Stream<Path> files = Files.list(sharded)) {
            shards = files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
        }
        assertThat(shards).hasSizeGreaterThan(2);
        for (int i = 0; i < shards.size(); i++) {
            assertThat(shards.get(i))
                    .hasFileName(String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size()));
            Map<String, float[]> inside = values(shards.get(i));
            int bytes = inside.values().stream()
                    .mapToInt(values -> Float.BYTES * values.length)
                    .sum();
            assertThat(inside.size() == 1 || bytes <= 20_000)
                    .as("%s bytes", bytes)
                    .isTrue();
        }
        Map<String, float[]> whole = values(made("mamba-in-llama", DType.FLOAT32, 7, ONE_FILE));
        values(sharded)
                .forEach((name, values) ->
                        assertThat(values).as(name).isEqualTo(whole.get(name)).isNotEmpty());
        assertThat(shapes(sharded).keySet()).isEqualTo(whole.keySet());
    }

    @Test
    void valuesAreThoseOfThePublishedInitialisation() {
        Map<String, float[]> values = values(made("mamba2-original", DType.FLOAT32, 7, ONE_FILE));
        float[] embedding = requireNonNull(values.get("backbone.embedding.weight"));
        double squares = 0;
        for (float value : embedding) {
            squares += value * value;
        }
        assertThat(Math.sqrt(squares / embedding.length)).isBetween(0.0195, 0.0205);
        String mixer = "backbone.layers.0.mixer.";
        assertThat(values.get(mixer + "D")).containsOnly(1);
        assertThat(values.get(mixer + "norm.weight")).containsOnly(1);
        assertThat(values.get(mixer + "conv1d.bias")).containsOnly(0);
        for (float rate : requireNonNull(values.get(mixer + "A_log"))) {
            assertThat(Math.exp(rate)).isBetween(1.0, 16.0);
        }
        for (float bias : requireNonNull(values.get(mixer + "dt_bias"))) {
            assertThat(Math.log1p(Math.exp(bias))).isBetween(0.000999, 0.1001);
        }
    }

    @Test
    void aFolderWithSomethingInItStaysAsItIs() throws IOException {
        Path out = Files.createDirectory(folder.resolve("out"));
        Files.createFile(out.resolve("mine"));
        assertThatThrownBy(() -> Synthesis.write(FIXTURES.resolve("llamba"), out, DType.FLOAT32, 0, ONE_FILE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is not empty");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(out);
        }
        Files.delete(out.resolve("mine"));
        Synthesis.write(FIXTURES.resolve("llamba"), out, DType.FLOAT32, 0, ONE_FILE);
        assertThat(out.resolve("model.safetensors")).exists();
    }

    @Test
    void classifiersAreRefused() {
        Path classifier = Path.of("src/test/resources/fixtures/lra/s5_uni_zoh_halfglu1");
        assertThatThrownBy(() -> Synthesis.write(classifier, folder.resolve("out"), DType.FLOAT32, 0, ONE_FILE))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("only language models are synthesized");
        assertThat(folder).isEmptyDirectory();
    }
}
