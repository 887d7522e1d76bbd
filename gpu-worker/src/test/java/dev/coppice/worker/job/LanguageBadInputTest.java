package dev.coppice.worker.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.results.Failure;
import dev.coppice.results.FailureKind;
import dev.coppice.results.JobSpec;
import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.HostArray;
import dev.coppice.worker.compute.MemoryShare;
import dev.coppice.worker.job.synthesis.Synthesis;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.language.LanguageCase;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.CheckpointException;
import dev.coppice.worker.weights.Checkpoints;
import dev.coppice.worker.weights.Fingerprint;
import dev.coppice.worker.weights.SafetensorsWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models whose files do not belong together or are damaged, and jobs that a model cannot do: what the user is told. */
class LanguageBadInputTest {

    private static final Path DATA = Path.of("..", "data");
    private static final Path TRAINED = Path.of("src/test/resources/fixtures/eval/model");

    private final JobRunner runner =
            new JobRunner(new WorkerSettings("cpu", List.of(), 1, 64 << 20, false, MemoryShare.WHOLE), Map.of());

    @TempDir
    private Path folder = Path.of("");

    /** A copy of a fixture that may be damaged. */
    private Path copy(Path model) throws IOException {
        Path copy = Files.createDirectory(folder.resolve(requireNonNull(model.getFileName())));
        try (Stream<Path> files = Files.list(model)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(requireNonNull(file.getFileName())));
            }
        }
        return copy;
    }

    private Path copy(String name) throws IOException {
        return copy(LanguageCase.FIXTURES.resolve(name));
    }

    private static void edit(Path file, String from, String to) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    private JobResult run(Path model, String task, String precision, Map<String, String> params) {
        JobSpec spec = new JobSpec(
                "model",
                Fingerprint.of(model, null),
                task,
                "1",
                new TreeMap<>(params),
                JobSpec.DENSE,
                new TreeMap<>(),
                new TreeMap<>(),
                BigDecimal.ZERO,
                null,
                precision);
        String data = DATA.resolve(task.equals("smnist") ? "mnist" : "lm").toString();
        return runner.run(new JobTicket(spec, "bad", 1, model.toString(), null, data, null, null), Assignment.NONE);
    }

    private Failure failure(Path model, String task, String precision, Map<String, String> params) {
        return requireNonNull(run(model, task, precision, params).row().failure());
    }

    private Failure failure(Path model) {
        return failure(model, "piqa", "float32", Map.of("limit", "3"));
    }

    @Test
    void aConfigThatContradictsATensorNamesBothShapes() throws IOException {
        Path model = copy("mamba2-hf");
        edit(model.resolve("config.json"), "\"state_size\": 12", "\"state_size\": 16");

        assertThatThrownBy(() -> ModelFamilies.read(model, null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(
                        "model.safetensors: tensor backbone.layers.0.mixer.in_proj.weight has shape [156, 24]"
                                + " where the config asks for [172, 24]. Do config.json and the weights belong together?");
        assertThat(failure(model).kind()).isEqualTo(FailureKind.DATA);
    }

    /** A copy of mamba2-hf in whose weights {@code change} was made. */
    private Path changed(Consumer<Map<String, HostArray>> change) throws IOException {
        Path model = copy("mamba2-hf");
        Path weights = model.resolve("model.safetensors");
        Map<String, HostArray> tensors = new LinkedHashMap<>();
        try (Checkpoint whole = Checkpoints.open(weights, null)) {
            whole.names().forEach(name -> tensors.put(name, whole.read(name)));
            change.accept(tensors);
            SafetensorsWriter.write(folder.resolve("changed.safetensors"), tensors, Map.of());
        }
        Files.move(folder.resolve("changed.safetensors"), weights, StandardCopyOption.REPLACE_EXISTING);
        return model;
    }

    @Test
    void missingAndUnexpectedTensorsAreAllNamed() throws IOException {
        Failure failure = failure(changed(tensors -> {
            for (String name : List.of("backbone.layers.0.mixer.D", "backbone.layers.2.norm.weight")) {
                tensors.put(name + "_old", requireNonNull(tensors.remove(name)));
            }
        }));

        assertThat(failure.kind()).isEqualTo(FailureKind.DATA);
        assertThat(failure.message())
                .contains(
                        "lacks 2 tensors (backbone.layers.0.mixer.D, backbone.layers.2.norm.weight) that the config asks"
                                + " for; holds 2 tensors (backbone.layers.0.mixer.D_old, backbone.layers.2.norm.weight_old) that the"
                                + " config has no place for");
    }

    /** Some models have no bias, and tied ones no head: whether this one has is the config's to say, not the checkpoint's. */
    @Test
    void aBiasAndAHeadThatTheConfigAsksForMustBeThere() throws IOException {
        Path model = changed(tensors -> {
            tensors.remove("backbone.layers.1.mixer.conv1d.bias");
            tensors.remove("lm_head.weight");
        });

        assertThatThrownBy(() -> ModelFamilies.read(model, null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(
                        "lacks 2 tensors (backbone.layers.1.mixer.conv1d.bias, lm_head.weight) that the config asks for");
        edit(model.resolve("config.json"), "\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true");
        assertThatThrownBy(() -> ModelFamilies.read(model, null))
                .hasMessageContaining("lacks a tensor (backbone.layers.1.mixer.conv1d.bias) that the config asks for");
    }

    @Test
    void anUnknownArchitectureIsNamed() throws IOException {
        Path model = copy("mamba2-hf");
        edit(model.resolve("config.json"), "\"model_type\": \"mamba2\"", "\"model_type\": \"gpt2\"");

        assertThatThrownBy(() -> ModelFamilies.describe(model))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("config.json: describes no model that is known here (model_type = \"gpt2\"")
                .hasMessageContaining("Mamba-1, Mamba-2, Phi-Mamba");
        assertThat(failure(model).kind()).isEqualTo(FailureKind.USER);
    }

    @Test
    void aMissingAndATruncatedShardAreNamed() throws IOException {
        Path model = copy("mamba-in-llama");
        Path shard = model.resolve("model-00002-of-00002.safetensors");
        byte[] whole = Files.readAllBytes(shard);
        Files.write(shard, Arrays.copyOf(whole, whole.length / 2));

        assertThatThrownBy(() -> ModelFamilies.read(model, null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model-00002-of-00002.safetensors: tensor ")
                .hasMessageContaining("the file is cut off");
        Files.delete(shard);
        assertThatThrownBy(() -> ModelFamilies.read(model, null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model-00002-of-00002.safetensors: there is no such file");
    }

    @Test
    void aMissingTokenizerAndOneOfAnotherModelAreTheUsersMistakes() throws IOException {
        Path model = copy("mamba2-hf");

        Failure missing = failure(model);
        assertThat(missing.kind()).isEqualTo(FailureKind.USER);
        assertThat(missing.message()).contains("tokenizer.json: there is no such file, and a language model needs one");
        Files.copy(TRAINED.resolve("tokenizer.json"), model.resolve("tokenizer.json"));
        Failure large = failure(model);
        assertThat(large.kind()).isEqualTo(FailureKind.USER);
        assertThat(large.message()).contains("the tokenizer has 2000 tokens, the model's embedding 101 rows");
    }

    /** A hybrid with positions for 24 tokens: longer contexts lose their beginnings, a length beyond it is refused. */
    @Test
    void contextsAreCutToAHybridsPositionsAndCountedInTheRow() throws IOException {
        Path config = copy("mamba-in-llama");
        edit(config.resolve("config.json"), "\"vocab_size\": 97", "\"vocab_size\": 2000");
        edit(config.resolve("config.json"), "\"max_position_embeddings\": 131072", "\"max_position_embeddings\": 24");
        Path model = folder.resolve("hybrid");
        Synthesis.write(config, model, DType.FLOAT32, 1, Long.MAX_VALUE);
        Files.copy(TRAINED.resolve("tokenizer.json"), model.resolve("tokenizer.json"));

        // the first ten documents are all longer
        JobResult result = run(model, "lambada_openai", "float32", Map.of("limit", "10"));
        assertThat(requireNonNull(result.row().metrics()).extra().get("truncated_requests"))
                .isEqualTo(10.0);
        assertThat(requireNonNull(result.row().metrics()).tokens()).isEqualTo(10 * 24);
        Failure refused = failure(model, "lambada_openai", "float32", Map.of("limit", "10", "length", "25"));
        assertThat(refused.kind()).isEqualTo(FailureKind.USER);
        assertThat(refused.message())
                .contains(
                        "task lambada_openai feeds 25 tokens at once, the model has positions for 24; give the task a smaller");
    }

    @Test
    void aPrecisionThatIsNotThereIsTheUsersMistake() {
        Failure unknown = failure(TRAINED, "piqa", "float8", Map.of("limit", "3"));
        assertThat(unknown.kind()).isEqualTo(FailureKind.USER);
        assertThat(unknown.message()).startsWith("there is no precision \"float8\"; did you mean");
        Failure classifier = failure(DATA.resolve("checkpoints/s5-smnist"), "smnist", "bfloat16", Map.of("limit", "3"));
        assertThat(classifier.kind()).isEqualTo(FailureKind.USER);
        assertThat(classifier.message()).isEqualTo("the cpu backend runs classifiers in float32, not in bfloat16");
    }
}
