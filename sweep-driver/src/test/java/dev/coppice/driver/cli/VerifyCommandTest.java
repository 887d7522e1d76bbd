package dev.coppice.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.driver.Shipped;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.Checkpoints;
import dev.coppice.worker.weights.SafetensorsWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tukaani.xz.XZInputStream;

class VerifyCommandTest {

    private static final Path CASES = Shipped.root().resolve("gpu-worker/src/test/resources/fixtures/lra");

    @TempDir
    Path folder;

    static Stream<String> cases() throws IOException {
        try (Stream<Path> entries = Files.list(CASES)) {
            return entries
                    .filter(entry -> Files.exists(entry.resolve("io.safetensors")))
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static String golden(String name) {
        return CASES.resolve(name).resolve("io.safetensors").toString();
    }

    private static Run verify(String name, String... more) {
        return Run.of(Stream.concat(Stream.of("verify", CASES.resolve(name).toString(), golden(name)), Stream.of(more))
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyCasePasses(String name) {
        Run run = verify(name);
        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.out())
                .contains("logits ")
                .contains("layer0.ssm_out ")
                .contains("not compared: ")
                .contains(", 0 beyond the tolerance of 1.0E-4");
    }

    @ParameterizedTest
    @CsvSource({
        "s5_bi_zoh_halfglu2, weights.msgpack, last, 0.5",
        "s5_retrieval, weights.safetensors, last-repo-compat, 0.5",
        "s4d_full_bi_zoh, weights.pt, uniform-hinf, 0.50",
        "s4d_standalone_postnorm, weights.pt, aire, 0.5"
    })
    void prunedModelsPass(String name, String weights, String method, String ratio) throws IOException {
        Run run = verify(name, "--weights", weights, "--method", method, "--ratio", ratio, "--json");
        assertThat(run.exitCode()).as(run.toString()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.path("passed").asBoolean()).isTrue();
        assertThat(json.path("tensors")).hasSize(1);
        assertThat(json.path("tensors").get(0).path("name").asText()).startsWith("pruned.");
        assertThat(json.path("tensors").get(0).path("error").asDouble()).isBetween(0.0, 1e-4);
    }

    private static final Path LANGUAGE_CASES = Shipped.root().resolve("gpu-worker/src/test/resources/fixtures/llm");

    static Stream<String> languageCases() throws IOException {
        try (Stream<Path> entries = Files.list(LANGUAGE_CASES)) {
            return entries
                    .filter(Files::isDirectory)
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private Run verifyLanguage(String name, String... more) throws IOException {
        Path model = LANGUAGE_CASES.resolve(name);
        Path golden = folder.resolve("golden.safetensors");
        try (InputStream packed = new XZInputStream(Files.newInputStream(model.resolve("golden.safetensors.xz")))) {
            Files.copy(packed, golden);
        }
        return Run.of(Stream.concat(Stream.of("verify", model.toString(), golden.toString()), Stream.of(more))
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("languageCases")
    void languageModelsPassInFloat16(String name) throws IOException {
        Run run = verifyLanguage(name, "--precision", "float16");
        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.out()).contains(", 0 beyond the tolerance of 0.02; error = |ours - golden| / |golden|");
    }

    /** States are products of three projections and, in the last layers, off by up to 2.6e-2; outputs are not. */
    @ParameterizedTest
    @MethodSource("languageCases")
    void outputsOfLanguageModelsPassInBfloat16(String name) throws IOException {
        JsonNode json = new ObjectMapper()
                .readTree(verifyLanguage(name, "--precision", "bfloat16", "--json")
                        .out());
        List<JsonNode> outputs = new ArrayList<>();
        json.path("tensors").forEach(tensor -> {
            if (tensor.path("name").asText().endsWith("logits")) {
                outputs.add(tensor);
            }
        });
        assertThat(outputs)
                .hasSize(3)
                .allSatisfy(tensor -> assertThat(tensor.path("error").asDouble(Double.NaN))
                        .as(tensor.toString())
                        .isBetween(1e-4, 2e-2));
    }

    @Test
    void classifiersAreVerifiedInFloat32Only() {
        Run run = verify("s5_pixel_pool", "--precision", "bfloat16");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("the cpu backend runs classifiers in float32, not in bfloat16");
    }

    @ParameterizedTest
    @MethodSource("languageCases")
    void languageModelsPass(String name) throws IOException {
        Run run = verifyLanguage(name);

        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("logits", "hidden_states", "decode_logits", "batch_logits", "final_norm");
        assertThat(run.out()).contains("prefix_state.0.", "final_state.0.");
    }

    @Test
    void aDamagedGoldenFails() throws IOException {
        String name = "s5_pixel_last";
        Path damaged = folder.resolve("damaged.safetensors");
        try (Checkpoint golden = Checkpoints.open(Path.of(golden(name)), null)) {
            Map<String, HostArray> tensors = new LinkedHashMap<>();
            golden.names().forEach(tensor -> tensors.put(tensor, golden.read(tensor)));
            float[] values = golden.read("layer1.ssm_out").toFloats();
            values[values.length / 2] += 1e-2f;
            tensors.put(
                    "layer1.ssm_out",
                    HostArray.ofFloats(values, golden.info("layer1.ssm_out").shape()));
            tensors.put("pooled", HostArray.ofFloats(new float[] {1, 2}, 2));
            SafetensorsWriter.write(damaged, tensors, Map.of());
        }
        String model = CASES.resolve(name).toString();
        Run run = Run.of("verify", model, damaged.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out().lines().filter(line -> line.contains("BEYOND")))
                .hasSize(2)
                .anyMatch(line -> line.startsWith("layer1.ssm_out "))
                .anyMatch(line -> line.startsWith("pooled ") && line.contains("ours has the shape [3, "));
        assertThat(Run.of("verify", model, damaged.toString(), "--json").exitCode())
                .isEqualTo(1);
        assertThat(verify(name, "--tolerance", "1e-12").exitCode()).isEqualTo(1);
    }

    @Test
    void nothingToCompareIsTheUsersMistake() {
        Run run = verify("s5_pixel_pool", "--method", "last", "--ratio", "0.55");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("nothing could be compared", "pruned by last at 0.55", "pruned.last.global.r50");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--method last | --ratio",
                "--ratio 0.5 | --method",
                "--method last --ratio 0 | above 0 and at most 1",
                "--method last --ratio 1.5 | above 0 and at most 1",
                "--method lsat --ratio 0.5 | did you mean \"last\"?",
                "--method wanda --ratio 0.5 | wanda watches models on calibration data",
                "--tolerance -1 | --tolerance",
                "--threads 0 | --threads",
                "--weights none.pt | there is no such file",
            })
    void mistakesAreExplained(String options, String message) {
        Run run = verify("s5_pixel_pool", options.split(" "));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message).doesNotContain("defect");
    }

    @Test
    void filesThatAreMissingOrNoGoldensAreExplained() {
        String model = CASES.resolve("s5_pixel_pool").toString();
        Run missing = Run.of("verify", model, folder.resolve("none.safetensors").toString());
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).contains("none.safetensors");
        Run none = Run.of("verify", model, model + "/masks.safetensors");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("has no inputs to run the model on");
        Run other = Run.of("verify", CASES.resolve("s4d_full_bi_zoh").toString(), golden("s5_pixel_pool"));
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err()).contains("its inputs do not fit the model");
        Run folderless = Run.of("verify", folder.toString(), golden("s5_pixel_pool"));
        assertThat(folderless.exitCode()).isEqualTo(2);
        assertThat(folderless.err()).contains("config.json: there is no such file");
    }
}
