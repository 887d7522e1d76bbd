package dev.coppice.worker.job.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.model.ClassifierCase;
import dev.coppice.worker.model.KeptStates;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.Observer;
import dev.coppice.worker.prune.Mask;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningInputs;
import dev.coppice.worker.prune.state.StateMask;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.CheckpointException;
import dev.coppice.worker.weights.Checkpoints;
import dev.coppice.worker.weights.Fixtures;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PrunedClassifierFolderTest {

    private static final long SHARD_BYTES = 1L << 30;

    @TempDir
    private Path folder;

    static List<String> cases() {
        return Stream.concat(Fixtures.S5.stream(), Fixtures.S4D.stream()).toList();
    }

    static List<String> s5() {
        return Fixtures.S5;
    }

    static List<String> s4d() {
        return Fixtures.S4D;
    }

    private static float[] logits(ClassifierCase golden, Model model) {
        try (Compute compute = new CpuBackend().open(CpuBackend.NAME, 1, Precision.FLOAT32)) {
            return ClassifierCase.output(compute, model, golden.batch(), "logits", Observer.NONE);
        }
    }

    private Path write(String name, String weights, Model model, Mask mask, Size size) {
        Path out = folder.resolve("pruned");
        new PrunedFolder(Fixtures.folder(name), weights, model).write(mask, size, out, SHARD_BYTES, Map.of());
        return out;
    }

    /** What is written is read again as a model of the same outputs, bit by bit. */
    @ParameterizedTest
    @MethodSource("cases")
    void zerosInTheFileAreZerosInTheModel(String name) throws IOException {
        try (ClassifierCase golden = new ClassifierCase(name)) {
            StateMask mask = new StateMask(golden.mask("global", "last", 60));

            Path out = write(name, "weights.safetensors", golden.classifier(), mask, Size.SAME);

            assertThat(logits(golden, ClassifierCase.model(out, "model.safetensors")))
                    .containsExactly(logits(golden, mask.applyTo(golden.classifier())));
            assertThat(Files.readAllBytes(out.resolve("config.json")))
                    .isEqualTo(Files.readAllBytes(Fixtures.folder(name).resolve("config.json")));
            assertSameTensors(name, out);
        }
    }

    /** Of every file format; B, C and kernels lie in it in other orders than matrices do. */
    @ParameterizedTest
    @MethodSource("cases")
    void prunedWeightsAreZerosInTheFile(String name) {
        String other = name.startsWith("s5") ? "weights.msgpack" : "weights.pt";
        for (String weights : List.of("weights.safetensors", other)) {
            try (ClassifierCase golden = new ClassifierCase(name);
                    Compute compute = new CpuBackend().open(CpuBackend.NAME, 1, Precision.FLOAT32)) {
                Model model = ClassifierCase.model(Fixtures.folder(name), weights);
                PruningInputs inputs = PruningInputs.on(compute, null, 0, () -> {});
                Mask mask = Methods.of("weight-magnitude", new TreeMap<>(Map.of("targets", "all")))
                        .rank(model, inputs)
                        .mask(new BigDecimal("0.6"), inputs);

                Path out = folder.resolve(weights);
                new PrunedFolder(Fixtures.folder(name), weights, model)
                        .write(mask, Size.SAME, out, SHARD_BYTES, Map.of());

                float[] inMemory = logits(golden, mask.applyTo(model));
                assertThat(logits(golden, ClassifierCase.model(out, "model.safetensors")))
                        .containsExactly(inMemory);
                assertThat(inMemory).isNotEqualTo(logits(golden, model));
                assertSameTensors(name, out);
                assertThatThrownBy(() -> new PrunedFolder(Fixtures.folder(name), weights, model)
                                .write(mask, Size.SMALLER, folder.resolve("smaller"), SHARD_BYTES, Map.of()))
                        .isInstanceOf(ModelException.class)
                        .hasMessageContaining("nothing gets smaller");
            }
        }
    }

    private static void assertSameTensors(String name, Path out) {
        try (Checkpoint before = Fixtures.open(name, "weights.safetensors");
                Checkpoint after = Checkpoints.open(out, null)) {
            assertThat(after.names()).containsExactlyInAnyOrderElementsOf(before.names());
            for (String tensor : before.names()) {
                assertThat(after.info(tensor).shape())
                        .isEqualTo(before.info(tensor).shape());
                assertThat(after.info(tensor).dtype())
                        .isEqualTo(before.info(tensor).dtype());
            }
        }
    }

    /** Every layer keeps as many states with a uniform method: that, S5's layout can say. */
    @ParameterizedTest
    @MethodSource("s5")
    void smallerTensorsOfOneSizeAreTheCompactedModel(String name) throws IOException {
        try (ClassifierCase golden = new ClassifierCase(name)) {
            KeptStates kept = firstOf(golden.mask("uniform", "hinf", 60));
            StateMask mask = new StateMask(kept);

            Path out = write(name, "weights.safetensors", golden.classifier(), mask, Size.SMALLER);

            Model read = ClassifierCase.model(out, "model.safetensors");
            Model compacted = mask.compact(golden.classifier());
            assertThat(logits(golden, read)).containsExactly(logits(golden, compacted));
            assertThat(read.parameters()).isEqualTo(compacted.parameters());
            JsonNode config =
                    new ObjectMapper().readTree(out.resolve("config.json").toFile());
            assertThat(config.path("state_size_stored").asInt())
                    .isEqualTo(kept.counts().get(0));
            assertThat(config.path("blocks").asInt()).isEqualTo(1);
        }
    }

    /** Ties may leave layers of other counts: every layer gets the count of the first, its own first states. */
    private static KeptStates firstOf(KeptStates mask) {
        int count = mask.counts().stream().min(Integer::compare).orElseThrow();
        List<boolean[]> layers = new ArrayList<>();
        for (boolean[] layer : mask.layers()) {
            boolean[] keep = new boolean[layer.length];
            int kept = 0;
            for (int i = 0; i < layer.length && kept < count; i++) {
                keep[i] = layer[i];
                kept += layer[i] ? 1 : 0;
            }
            layers.add(keep);
        }
        return new KeptStates(layers);
    }

    @Test
    void layersOfSeveralSizesAreMoreThanS5sLayoutCanSay() {
        try (ClassifierCase golden = new ClassifierCase("s5_bi_zoh_halfglu2")) {
            List<boolean[]> layers =
                    new ArrayList<>(golden.mask("uniform", "hinf", 50).layers());
            boolean[] all = layers.get(1).clone();
            Arrays.fill(all, true);
            layers.set(1, all);
            StateMask mask = new StateMask(new KeptStates(layers));

            assertThatThrownBy(() ->
                            write("s5_bi_zoh_halfglu2", "weights.safetensors", golden.classifier(), mask, Size.SMALLER))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("S5's layout has one ssm_size for all layers, and this mask keeps ["
                            + mask.keptPerLayer().get(0) + ", " + all.length);
            assertThat(folder.resolve("pruned")).doesNotExist();
        }
    }

    @ParameterizedTest
    @MethodSource("s4d")
    void channelsOfTheirOwnStatesAreMoreThanS4dsLayoutCanSay(String name) {
        try (ClassifierCase golden = new ClassifierCase(name)) {
            StateMask mask = new StateMask(golden.mask("uniform", "hinf", 50));

            assertThatThrownBy(() -> write(name, "weights.safetensors", golden.classifier(), mask, Size.SMALLER))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("S4D's layout has one d_state for all channels of all layers");
        }
    }

    /** msgpack and torch files become safetensors with the same names. */
    @ParameterizedTest
    @MethodSource("cases")
    void otherFormatsAreWrittenTheSame(String name) {
        String other = name.startsWith("s5") ? "weights.msgpack" : "weights.pt";
        try (ClassifierCase golden = new ClassifierCase(name)) {
            StateMask mask = new StateMask(golden.mask("global", "last", 60));

            Path out = write(name, other, ClassifierCase.model(Fixtures.folder(name), other), mask, Size.SAME);

            assertThat(logits(golden, ClassifierCase.model(out, "model.safetensors")))
                    .containsExactly(logits(golden, mask.applyTo(golden.classifier())));
            assertSameTensors(name, out);
        }
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        Path out = Files.createDirectory(folder.resolve("pruned"));
        Files.writeString(out.resolve("mine"), "here");
        try (ClassifierCase golden = new ClassifierCase("s5_pixel_pool")) {
            StateMask mask = new StateMask(golden.mask("global", "last", 60));

            assertThatThrownBy(
                            () -> write("s5_pixel_pool", "weights.safetensors", golden.classifier(), mask, Size.SAME))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("is not empty; nothing is overwritten");
        }
        assertThat(out).isDirectoryContaining("glob:**mine");
    }
}
